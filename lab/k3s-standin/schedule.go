package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseSchedule reads the five fields of cron (minute, hour, day, month, weekday), each a list of *, numbers and ranges
// with an optional /step, and returns whether a minute is due.
func parseSchedule(text string) (func(time.Time) bool, error) {
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return nil, fmt.Errorf("not five fields: %q", text)
	}
	limits := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}}
	var allowed [5]map[int]bool
	for index, field := range fields {
		allowed[index] = map[int]bool{}
		for _, part := range strings.Split(field, ",") {
			first, last, step, err := parseRange(part, limits[index])
			if err != nil {
				return nil, fmt.Errorf("%w in %q", err, text)
			}
			for number := first; number <= last; number += step {
				allowed[index][number] = true
			}
		}
	}
	return func(moment time.Time) bool {
		return allowed[0][moment.Minute()] && allowed[1][moment.Hour()] && allowed[2][moment.Day()] &&
			allowed[3][int(moment.Month())] && allowed[4][int(moment.Weekday())]
	}, nil
}

func parseRange(part string, limits [2]int) (first, last, step int, err error) {
	span, stepText, hasStep := strings.Cut(part, "/")
	first, last, step = limits[0], limits[1], 1
	if hasStep {
		if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
			return 0, 0, 0, fmt.Errorf("not a step: %s", part)
		}
	}
	if span == "*" {
		return first, last, step, nil
	}
	from, to, isRange := strings.Cut(span, "-")
	if first, err = strconv.Atoi(from); err != nil {
		return 0, 0, 0, fmt.Errorf("not a number: %s", part)
	}
	if isRange {
		last, err = strconv.Atoi(to)
	} else if !hasStep {
		last = first
	}
	if err != nil || first < limits[0] || last > limits[1] || first > last {
		return 0, 0, 0, fmt.Errorf("not a range: %s", part)
	}
	return first, last, step, nil
}
