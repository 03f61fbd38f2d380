package kube

import "testing"

func TestSelectors(t *testing.T) {
	labels := map[string]string{"app": "web", "tier": "front"}
	expression := func(key, operator string, values ...any) Object {
		return Object{"matchExpressions": []any{
			map[string]any{"key": key, "operator": operator, "values": values},
		}}
	}
	for _, example := range []struct {
		selector Object
		selects  bool
	}{
		{nil, false},
		{Object{}, true},
		{Object{"matchLabels": map[string]any{"app": "web"}}, true},
		{Object{"matchLabels": map[string]any{"app": "web", "tier": "back"}}, false},
		{expression("tier", "In", "front", "back"), true},
		{expression("tier", "NotIn", "front"), false},
		{expression("zone", "NotIn", "front"), true},
		{expression("zone", "Exists"), false},
		{expression("zone", "DoesNotExist"), true},
	} {
		if Selects(example.selector, labels) != example.selects {
			t.Errorf("%v selects %v: want %v", example.selector, labels, example.selects)
		}
	}
}

func TestNumbersAndPercentages(t *testing.T) {
	for _, example := range []struct {
		value any
		want  int
	}{{float64(2), 2}, {"50%", 2}, {"34%", 2}, {"100%", 3}} {
		if got, ok := IntOrPercent(example.value, 3); !ok || got != example.want {
			t.Errorf("%v of 3 is %d, want %d", example.value, got, example.want)
		}
	}
}
