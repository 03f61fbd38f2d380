package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const defaultConfigFile = "/etc/rancher/k3s/config.yaml"

// configFiles lists the file and then its drop-ins, as k3s reads them: every *.yaml and *.yml in FILE.d, by name.
func configFiles(main string) ([]string, error) {
	var files []string
	if _, err := os.Stat(main); err == nil {
		files = append(files, main)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries, err := os.ReadDir(main + ".d")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, entry := range entries {
		switch extension := strings.ToLower(filepath.Ext(entry.Name())); extension {
		case ".yaml", ".yml":
			files = append(files, filepath.Join(main+".d", entry.Name()))
		}
	}
	return files, nil
}

// readConfig merges the files: the last value of a key wins, and `key+:` appends to what the files before it said. It
// returns the keys as flags, in the order in which they first appeared, and a warning for every key that is no flag.
func readConfig(main string, kinds map[string]flagKind) (flags []string, warnings []string, err error) {
	files, err := configFiles(main)
	if err != nil {
		return nil, nil, err
	}
	values, order := map[string][]string{}, []string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		settings, err := parseSettings(string(text))
		if err != nil {
			return nil, nil, fmt.Errorf("failed to read %s: %w", file, err)
		}
		for _, setting := range settings {
			key := strings.TrimSuffix(setting.key, "+")
			if _, seen := values[key]; !seen {
				order = append(order, key)
			}
			if key != setting.key {
				values[key] = append(values[key], setting.values...)
			} else {
				values[key] = setting.values
			}
		}
	}
	for _, key := range order {
		if _, known := kinds[key]; !known {
			warnings = append(warnings, fmt.Sprintf("Unknown flag --%s found in %s, skipping", key, filepath.Base(main)))
			continue
		}
		for _, value := range values[key] {
			flags = append(flags, fmt.Sprintf("--%s=%s", key, value))
		}
	}
	return flags, warnings, nil
}

// configuration is everything that was said about this node: files, then the command line, which wins. A list given on
// the command line replaces the files' whole list.
func configuration(r role, arguments []string) (flagValues, []string, error) {
	kinds := flagsOf(r)
	given, err := parseFlags(kinds, arguments)
	if err != nil {
		return nil, nil, err
	}
	return withConfig(kinds, given)
}

// withConfig adds to the flags that were given what the configuration files say.
func withConfig(kinds map[string]flagKind, given flagValues) (flagValues, []string, error) {
	file := defaultConfigFile
	if named := given.last("config"); named != "" {
		file = named
	}
	if named := os.Getenv("K3S_CONFIG_FILE"); named != "" {
		file = named
	}
	flags, warnings, err := readConfig(file, kinds)
	if err != nil {
		return nil, nil, err
	}
	values, err := parseFlags(kinds, flags)
	if err != nil {
		return nil, nil, err
	}
	for name, list := range given {
		values[name] = list
	}
	return values, warnings, nil
}
