package main

import (
	"testing"
	"time"
)

func TestScheduleOfCron(t *testing.T) {
	at := func(text string) time.Time {
		moment, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, example := range []struct {
		schedule, moment string
		due              bool
	}{
		{"0 */12 * * *", "2026-03-04 12:00", true},
		{"0 */12 * * *", "2026-03-04 12:01", false},
		{"*/5 * * * *", "2026-03-04 12:25", true},
		{"30 2-4 * * 1,3", "2026-03-04 03:30", true}, // a Wednesday
		{"30 2-4 * * 1,2", "2026-03-04 03:30", false},
	} {
		due, err := parseSchedule(example.schedule)
		if err != nil {
			t.Fatal(err)
		}
		if due(at(example.moment)) != example.due {
			t.Errorf("%q at %s is not %v", example.schedule, example.moment, example.due)
		}
	}
}

func TestMalformedSchedulesAreRefused(t *testing.T) {
	for _, text := range []string{"", "* * * *", "60 * * * *", "a * * * *", "5-2 * * * *", "*/0 * * * *"} {
		if _, err := parseSchedule(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
