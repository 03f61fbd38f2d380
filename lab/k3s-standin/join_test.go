package main

import (
	"reflect"
	"testing"

	"fleetlab/k3s-standin/etcd"
)

func TestPlaceAmongTheMembers(t *testing.T) {
	d := &datastore{name: "pi2-22222222", address: "10.0.0.2", options: options{nodeName: "pi2"}}
	first := etcd.Membership{Name: "pi1-11111111", PeerURLs: []string{"https://10.0.0.1:2380"}}
	announced := etcd.Membership{PeerURLs: []string{"https://10.0.0.2:2380"}}
	former := etcd.Membership{Name: "pi2-99999999", PeerURLs: []string{"https://10.0.0.2:2380"}}

	isMember, list, err := d.placeAmong([]etcd.Membership{first})
	if isMember || err != nil || !reflect.DeepEqual(list, []string{"pi1-11111111=https://10.0.0.1:2380"}) {
		t.Errorf("new: %v %v %v", isMember, list, err)
	}
	if isMember, _, err := d.placeAmong([]etcd.Membership{first, announced}); !isMember || err != nil {
		t.Errorf("announced: %v %v", isMember, err)
	}
	if _, _, err := d.placeAmong([]etcd.Membership{first, former}); err == nil {
		t.Error("a member of the same node was no problem")
	}
}

func TestCriticalOptionsThatDiffer(t *testing.T) {
	mine := newCriticalOptions(flagValues{"disable": {"traefik,servicelb"}}, "")
	if err := mine.mustEqual(newCriticalOptions(flagValues{"disable": {"servicelb"}}, "")); err != nil {
		t.Error(err)
	}
	for _, theirs := range []flagValues{{}, {"disable": {"servicelb"}, "cluster-cidr": {"10.52.0.0/16"}}} {
		if mine.mustEqual(newCriticalOptions(theirs, "")) == nil {
			t.Errorf("%v is the same", theirs)
		}
	}
}
