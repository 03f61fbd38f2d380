// Package kube speaks to a Kubernetes API server in plain JSON: no more of a client than the stand-in needs.
package kube

import (
	"encoding/json"
	"strconv"
	"time"
)

// Object is any object of the API, as decoded from JSON. What is missing reads as the empty value.
type Object map[string]any

// At follows keys through nested mappings; nil when the path ends early.
func (o Object) At(path ...string) any {
	var current any = o
	for _, key := range path {
		mapping := asObject(current)
		if mapping == nil {
			return nil
		}
		current = mapping[key]
	}
	return current
}

// asObject also takes mappings as they come from JSON.
func asObject(value any) Object {
	switch mapping := value.(type) {
	case Object:
		return mapping
	case map[string]any:
		return mapping
	}
	return nil
}

func (o Object) Text(path ...string) string {
	text, _ := o.At(path...).(string)
	return text
}

func (o Object) Flag(path ...string) bool {
	flag, _ := o.At(path...).(bool)
	return flag
}

// Number reads a number, or returns otherwise.
func (o Object) Number(otherwise int, path ...string) int {
	switch number := o.At(path...).(type) {
	case float64:
		return int(number)
	case int:
		return number
	}
	return otherwise
}

func (o Object) Map(path ...string) Object { return asObject(o.At(path...)) }

// List reads a list of mappings.
func (o Object) List(path ...string) []Object {
	if list, isList := o.At(path...).([]Object); isList {
		return list
	}
	items, _ := o.At(path...).([]any)
	var list []Object
	for _, item := range items {
		if mapping := asObject(item); mapping != nil {
			list = append(list, mapping)
		}
	}
	return list
}

// Texts reads a mapping of texts, such as labels.
func (o Object) Texts(path ...string) map[string]string {
	texts := map[string]string{}
	for key, value := range o.Map(path...) {
		if text, isText := value.(string); isText {
			texts[key] = text
		}
	}
	return texts
}

// Strings reads a list of texts.
func (o Object) Strings(path ...string) []string {
	items, _ := o.At(path...).([]any)
	var list []string
	for _, item := range items {
		if text, isText := item.(string); isText {
			list = append(list, text)
		}
	}
	return list
}

func (o Object) Name() string            { return o.Text("metadata", "name") }
func (o Object) Namespace() string       { return o.Text("metadata", "namespace") }
func (o Object) UID() string             { return o.Text("metadata", "uid") }
func (o Object) ResourceVersion() string { return o.Text("metadata", "resourceVersion") }
func (o Object) IsBeingDeleted() bool    { return o.Text("metadata", "deletionTimestamp") != "" }
func (o Object) Label(key string) string { return o.Text("metadata", "labels", key) }
func (o Object) Annotation(key string) string {
	return o.Text("metadata", "annotations", key)
}

// Key identifies an object among those of its resource.
func (o Object) Key() string { return o.Namespace() + "/" + o.Name() }

// Time reads a timestamp; the zero time when there is none.
func (o Object) Time(path ...string) time.Time {
	moment, _ := time.Parse(time.RFC3339Nano, o.Text(path...))
	return moment
}

// Condition is the status condition of a type, or nil.
func (o Object) Condition(kind string) Object {
	for _, condition := range o.List("status", "conditions") {
		if condition.Text("type") == kind {
			return condition
		}
	}
	return nil
}

// Owner is the reference to the controller that owns the object, or nil.
func (o Object) Owner() Object {
	for _, owner := range o.List("metadata", "ownerReferences") {
		if owner.Flag("controller") {
			return owner
		}
	}
	return nil
}

func (o Object) HasFinalizer(name string) bool {
	for _, finalizer := range o.Strings("metadata", "finalizers") {
		if finalizer == name {
			return true
		}
	}
	return false
}

// Copy is deep.
func (o Object) Copy() Object {
	text, err := json.Marshal(o)
	if err != nil {
		return nil
	}
	var copied Object
	_ = json.Unmarshal(text, &copied)
	return copied
}

// Timestamp writes a time as most of the API does, MicroTimestamp as Leases do.
func Timestamp(moment time.Time) string { return moment.UTC().Format(time.RFC3339) }
func MicroTimestamp(moment time.Time) string {
	return moment.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// IntOrPercent reads a number or a percentage of total, rounded up.
func IntOrPercent(value any, total int) (int, bool) {
	switch value := value.(type) {
	case float64:
		return int(value), true
	case string:
		if len(value) == 0 || value[len(value)-1] != '%' {
			return 0, false
		}
		percent, err := strconv.Atoi(value[:len(value)-1])
		return (percent*total + 99) / 100, err == nil
	}
	return 0, false
}
