module fleetlab/k3s-standin

go 1.19
