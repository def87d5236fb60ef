package place

import (
	"errors"
	"testing"

	"crosscheck/internal/model"
)

func TestOwnPlaces(t *testing.T) {
	t.Cleanup(func() { _ = Add(nil) })
	err := Add([]Own{
		{Name: "Dorrin", Aliases: []string{"Camp Dorrin"}, Country: "xe", Lat: 55.5, Lon: 20.25},
		{Name: "Kestria", Kind: model.PlaceCountry, Country: "XE", Lat: 56, Lon: 21},
		{Name: "Paris", Country: "XE", Lat: 56, Lon: 22},
	})
	if err != nil {
		t.Fatal(err)
	}
	found := Find("camp dorrin")
	if len(found) != 1 || found[0].Name != "Dorrin" || found[0].Country != "XE" || found[0].Lat != 55.5 {
		t.Fatalf("Find(camp dorrin) = %+v", found)
	}
	dorrin := found[0]
	if p, ok := ByID(dorrin.ID); !ok || p != dorrin || Around(p) != "Kestria" {
		t.Errorf("ByID = %+v, %v, around it %q", p, ok, Around(p))
	}
	if paris := Find("Paris"); len(paris) < 2 || paris[0].Country != "XE" {
		t.Errorf("Find(Paris) = %+v, want the own one first and others behind", paris)
	}
	list := Mentions(&model.Article{Text: "Two battalions have left the camp at Dorrin, officials said in London."}, nil)
	if len(list) != 2 || list[0].Place != dorrin || list[1].Place.Country != "GB" {
		t.Errorf("Mentions = %+v", list)
	}
	if err := Add(nil); err != nil || len(Find("Camp Dorrin")) != 0 {
		t.Errorf("after Add(nil): %v, %v", err, Find("Camp Dorrin"))
	}
}

func TestOwnPlaceFaults(t *testing.T) {
	for _, o := range []Own{
		{}, {Name: "X", Lat: 91}, {Name: "X", Lon: -181}, {Name: "X", Kind: "camp"}, {Name: "X", Kind: model.PlaceCountry}, {Name: "X", Country: "KES"},
	} {
		if err := Add([]Own{o}); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("Add(%+v) = %v, want an ErrInvalid", o, err)
		}
	}
}
