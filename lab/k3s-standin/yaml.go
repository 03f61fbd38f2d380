package main

import (
	"fmt"
	"strconv"
	"strings"
)

// setting is one key of a configuration file and its values; a scalar is one value.
type setting struct {
	key    string
	values []string
	isList bool
}

// parseSettings reads the part of YAML that config.yaml needs: one mapping, whose values are scalars, lists in block
// form or lists in brackets. Scalars are plain, 'single' or "double" quoted and stay on one line. Anything else (nested
// mappings, anchors, block scalars) is an error with its line number.
func parseSettings(text string) ([]setting, error) {
	var settings []setting
	openList := false // the last key had no value: items may follow
	for index, raw := range strings.Split(text, "\n") {
		line := strings.TrimRight(raw, " \t\r")
		content := strings.TrimLeft(line, " ")
		wrong := func(problem string) error { return fmt.Errorf("yaml: line %d: %s", index+1, problem) }
		switch {
		case content == "" || content[0] == '#' || content == "---":
			continue
		case content == "-" || strings.HasPrefix(content, "- "):
			if !openList {
				return nil, wrong("a list item without a list")
			}
			value, rest, err := parseScalar(strings.TrimSpace(content[1:]), "")
			if err != nil || !isBlankOrComment(rest) {
				return nil, wrong("not a scalar: " + content)
			}
			last := &settings[len(settings)-1]
			last.values, last.isList = append(last.values, value), true
		case line != content:
			return nil, wrong("a nested mapping is not supported")
		default:
			key, rest, err := parseScalar(content, ":")
			if err != nil || key == "" || !strings.HasPrefix(rest, ":") {
				return nil, wrong("not of the form key: value")
			}
			values, isList, err := parseValue(strings.TrimSpace(rest[1:]))
			if err != nil {
				return nil, wrong(err.Error())
			}
			openList = values == nil && !isList
			settings = append(settings, setting{key, values, isList})
		}
	}
	return settings, nil
}

// parseValue reads what stands after `key:`. No value at all is nil: a list may follow on the next lines.
func parseValue(text string) (values []string, isList bool, err error) {
	if isBlankOrComment(text) {
		return nil, false, nil
	}
	if text[0] != '[' {
		value, rest, err := parseScalar(text, "")
		if err != nil || !isBlankOrComment(rest) {
			return nil, false, fmt.Errorf("not a scalar: %s", text)
		}
		return []string{value}, false, nil
	}
	text = strings.TrimSpace(text[1:])
	for !strings.HasPrefix(text, "]") {
		value, rest, err := parseScalar(text, ",]")
		if err != nil {
			return nil, true, err
		}
		values = append(values, value)
		text = strings.TrimSpace(rest)
		if strings.HasPrefix(text, ",") {
			text = strings.TrimSpace(text[1:])
		} else if !strings.HasPrefix(text, "]") {
			return nil, true, fmt.Errorf("a list without its closing bracket")
		}
	}
	if !isBlankOrComment(text[1:]) {
		return nil, true, fmt.Errorf("text after a list: %s", text[1:])
	}
	return values, true, nil
}

// parseScalar reads a scalar that ends before one of the characters in ends, a comment, or the end of the text; it
// returns the value and what follows. A quoted scalar ends with its quote.
func parseScalar(text, ends string) (value, rest string, err error) {
	switch {
	case text == "":
		return "", "", fmt.Errorf("a value is missing")
	case text[0] == '\'':
		return parseSingleQuoted(text)
	case text[0] == '"':
		for end := 1; end < len(text); end++ {
			if text[end] == '\\' {
				end++
			} else if text[end] == '"' {
				value, err := strconv.Unquote(text[:end+1])
				return value, text[end+1:], err
			}
		}
		return "", "", fmt.Errorf("a quote is not closed")
	case strings.ContainsRune("&*!|>{}[]@`%", rune(text[0])):
		return "", "", fmt.Errorf("not supported: %s", text)
	}
	end := len(text)
	if comment := strings.Index(text, " #"); comment >= 0 {
		end = comment
	}
	if ends != "" {
		if stop := strings.IndexAny(text[:end], ends); stop >= 0 {
			end = stop
		}
	} else if strings.Contains(text[:end], ": ") || strings.HasSuffix(text[:end], ":") {
		return "", "", fmt.Errorf("a nested mapping is not supported")
	}
	return strings.TrimSpace(text[:end]), text[end:], nil
}

// parseSingleQuoted: a quote inside is doubled.
func parseSingleQuoted(text string) (value, rest string, err error) {
	for index := 1; index < len(text); index++ {
		if text[index] != '\'' {
			value += text[index : index+1]
		} else if strings.HasPrefix(text[index:], "''") {
			value += "'"
			index++
		} else {
			return value, text[index+1:], nil
		}
	}
	return "", "", fmt.Errorf("a quote is not closed")
}

func isBlankOrComment(text string) bool {
	trimmed := strings.TrimSpace(text)
	return trimmed == "" || strings.HasPrefix(trimmed, "#")
}
