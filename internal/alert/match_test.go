package alert

import (
	"testing"

	"crosscheck/internal/model"
)

func TestConcerns(t *testing.T) {
	e := model.Entry{
		Kind: model.EntryDenied, Text: "No troops were moved to the Café de l’Été, the ministry said.", Speaker: "Ada Brandt, minister", SpeakerID: "sp1",
		Service: "bank", Place: 7,
	}
	for _, c := range []struct {
		name string
		rule model.AlertRule
		want bool
	}{
		{"nothing stated", model.AlertRule{}, true},
		{"its kind", model.AlertRule{Kinds: []model.EntryKind{model.EntryReversal, model.EntryDenied}}, true},
		{"another kind", model.AlertRule{Kinds: []model.EntryKind{model.EntryReversal}}, false},
		{"its situation", model.AlertRule{Situation: "s1"}, true},
		{"another situation", model.AlertRule{Situation: "s2"}, false},
		{"its place", model.AlertRule{Places: []int64{1, 7}}, true},
		{"another place", model.AlertRule{Places: []int64{1}}, false},
		{"its service", model.AlertRule{Services: []string{"bank"}}, true},
		{"another service", model.AlertRule{Services: []string{"mill"}}, false},
		{"the speaker's id", model.AlertRule{Speakers: []string{"sp1"}}, true},
		{"a word of the name", model.AlertRule{Speakers: []string{"brandt"}}, true},
		{"a part of a word of the name", model.AlertRule{Speakers: []string{"bran"}}, false},
		{"a word", model.AlertRule{Words: []string{"TROOPS"}}, true},
		{"a part of a word", model.AlertRule{Words: []string{"troop"}}, false},
		{"the beginning of a word", model.AlertRule{Words: []string{"troop*"}}, true},
		{"the end of a word", model.AlertRule{Words: []string{"oops*"}}, false},
		{"without its accents", model.AlertRule{Words: []string{"cafe"}}, true},
		{"with other accents", model.AlertRule{Words: []string{"càfê"}}, true},
		{"a phrase across an apostrophe", model.AlertRule{Words: []string{"de l'ete"}}, true},
		{"a phrase in another order", model.AlertRule{Words: []string{"ete de"}}, false},
		{"one of several words", model.AlertRule{Words: []string{"navy", "ministry"}}, true},
		{"signs only", model.AlertRule{Words: []string{"…", "*"}}, false},
		{"one condition of two", model.AlertRule{Words: []string{"troops"}, Services: []string{"mill"}}, false},
	} {
		if got := concerns(&c.rule, "s1", &e); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		text, word string
		want       bool
	}{
		{"部隊は駐屯地に戻った", "駐屯地", true},
		{"部隊は駐屯地に戻った", "軍艦", false},
		{"Войска вернулись", "войска", true},
		{"부대가 돌아왔다", "부대가", true},
		{"ทหารกลับค่าย", "กลับ", true},
		{"", "x", false},
		{"\xff\xfe x", "x", true},
	} {
		if got := hasAny(c.text, []string{c.word}); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.word, c.text, got, c.want)
		}
	}
}

// TestGoneIsNoNews: an entry that was taken back before it was looked at is not
// told.
func TestGoneIsNoNews(t *testing.T) {
	e := model.Entry{ID: "e", Kind: model.EntryAsserted, Text: "The garrison was empty."}
	r := &model.AlertRule{Words: []string{"garrison"}}
	if !concerns(r, "s", &e) {
		t.Error("the rule does not concern its entry")
	}
	if e.Gone = after(1); concerns(r, "s", &e) {
		t.Error("the rule concerns an entry that is gone")
	}
}
