package controllers

import (
	"context"
	"strings"
	"time"

	"fleetlab/k3s-standin/kube"
)

// jobTime is how long a Job takes: there are no containers that could do its work.
const jobTime = time.Second

// reconcileChart is the stand-in for k3s' Helm controller: a Job for each HelmChart, anew when the chart changes. A
// chart whose name has "broken" in it fails.
func (m *Manager) reconcileChart(ctx context.Context, chart kube.Object) {
	if chart.IsBeingDeleted() {
		return
	}
	name, digest := "helm-install-"+chart.Name(), hashOf(chart.At("spec"))
	job := m.jobs.Find(chart.Namespace(), name)
	switch {
	case job == nil:
		answer, err := m.Client.Create(ctx, kube.Jobs.Path(chart.Namespace()), newHelmJob(chart, name, digest))
		put(m.jobs, answer, err)
		return
	case job.Annotation("helmcharts.helm.cattle.io/configHash") != digest:
		if !job.IsBeingDeleted() {
			complain(m.Client.Delete(ctx, kube.Jobs.PathOf(job), kube.Object{"propagationPolicy": "Background"}))
		}
		return
	}
	status := kube.Object{"jobName": name}
	if hasFailed := job.Condition("Failed").Text("status") == "True"; hasFailed || isDone(job) {
		failed, created := "False", "True"
		if hasFailed {
			failed, created = "True", "True"
		}
		conditions := []kube.Object{
			{"type": "JobCreated", "status": created, "reason": "Job created", "message": "Applying HelmChart using Job " +
				chart.Namespace() + "/" + name},
			{"type": "Failed", "status": failed},
		}
		if hasFailed {
			conditions[1]["reason"] = "InstallFailed"
			conditions[1]["message"] = "stand-in: the chart " + chart.Text("spec", "chart") + " cannot be installed"
		}
		status["conditions"] = conditions
	}
	m.setStatus(ctx, kube.HelmCharts, m.charts, chart, status)
}

func newHelmJob(chart kube.Object, name, digest string) kube.Object {
	labels := kube.Object{"helmcharts.helm.cattle.io/chart": chart.Name()}
	return kube.Object{
		"apiVersion": "batch/v1", "kind": "Job",
		"metadata": kube.Object{
			"name": name, "namespace": chart.Namespace(), "labels": labels,
			"annotations": kube.Object{"helmcharts.helm.cattle.io/configHash": digest},
			"ownerReferences": []kube.Object{{
				"apiVersion": "helm.cattle.io/v1", "kind": "HelmChart", "name": chart.Name(), "uid": chart.UID(),
				"controller": true, "blockOwnerDeletion": true,
			}},
		},
		"spec": kube.Object{
			"backoffLimit": chart.Number(1000, "spec", "backOffLimit"),
			"template": kube.Object{
				"metadata": kube.Object{"labels": labels},
				"spec": kube.Object{
					"restartPolicy": "OnFailure",
					"containers": []kube.Object{{
						"name": "helm", "image": "rancher/klipper-helm:v0.9.8",
						"args": []string{"install", "--version", chart.Text("spec", "version"), chart.Text("spec", "chart")},
					}},
				},
			},
		},
	}
}

// reconcileJob ends a Job after a while. One that has the word "broken" in an image or an argument fails.
func (m *Manager) reconcileJob(ctx context.Context, job kube.Object) {
	if job.IsBeingDeleted() || isDone(job) || job.Condition("Failed") != nil {
		return
	}
	now, started := kube.Timestamp(time.Now()), job.Text("status", "startTime")
	if started == "" {
		m.setStatus(ctx, kube.Jobs, m.jobs, job, kube.Object{"startTime": now, "active": 1})
		return
	}
	if began, known := m.finished[job.UID()]; !known {
		m.finished[job.UID()] = time.Now()
		return
	} else if time.Since(began) < jobTime {
		return
	}
	condition := kube.Object{"type": "Complete", "status": "True", "lastProbeTime": now, "lastTransitionTime": now}
	status := kube.Object{"active": nil, "conditions": []kube.Object{condition}}
	if isBroken(job) {
		condition["type"], condition["reason"] = "Failed", "BackoffLimitExceeded"
		condition["message"] = "Job has reached the specified backoff limit"
		status["failed"] = 1
	} else {
		status["succeeded"], status["completionTime"] = 1, now
	}
	m.setStatus(ctx, kube.Jobs, m.jobs, job, status)
}

func isDone(job kube.Object) bool { return job.Condition("Complete").Text("status") == "True" }

func isBroken(job kube.Object) bool {
	for _, container := range job.List("spec", "template", "spec", "containers") {
		for _, word := range append(container.Strings("args"), container.Text("image")) {
			if strings.Contains(word, "broken") {
				return true
			}
		}
	}
	return false
}
