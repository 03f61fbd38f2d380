package kube

// Selects is whether a label selector (matchLabels, matchExpressions) selects these labels. A selector that is missing
// selects nothing, an empty one everything.
func Selects(selector Object, labels map[string]string) bool {
	if selector == nil {
		return false
	}
	for key, value := range selector.Texts("matchLabels") {
		if labels[key] != value {
			return false
		}
	}
	for _, expression := range selector.List("matchExpressions") {
		if !Matches(expression, labels) {
			return false
		}
	}
	return true
}

// Matches is whether labels fulfil a requirement {key, operator, values}.
func Matches(expression Object, labels map[string]string) bool {
	value, found := labels[expression.Text("key")]
	listed := false
	for _, candidate := range expression.Strings("values") {
		listed = listed || candidate == value
	}
	switch expression.Text("operator") {
	case "In":
		return found && listed
	case "NotIn":
		return !found || !listed
	case "Exists":
		return found
	case "DoesNotExist":
		return !found
	}
	return false
}
