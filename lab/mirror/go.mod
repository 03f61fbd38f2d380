module fleetlab/mirror

go 1.19
