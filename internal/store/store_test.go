package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// openAt opens a store on SQLite in dir, closed with the test.
func openAt(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), quiet(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// openPostgres opens a store in a fresh schema of the server that TEST_POSTGRES
// names: TEST_POSTGRES=postgres://user:password@127.0.0.1/db make test.
func openPostgres(t testing.TB, dsn string) *Store {
	t.Helper()
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	if _, err := admin.Exec(`CREATE SCHEMA ` + schema); err != nil {
		t.Fatalf("TEST_POSTGRES is set, but: %v", err)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	s, err := Open(context.Background(), quiet(), Config{Dir: t.TempDir(), DSN: u.String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if _, err := admin.Exec(`DROP SCHEMA ` + schema + ` CASCADE`); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	return s
}

func TestConformance(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		conformance(t, func(t testing.TB) *Store { return openAt(t, t.TempDir()) })
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := os.Getenv("TEST_POSTGRES")
		if dsn == "" {
			t.Skip("TEST_POSTGRES is not set")
		}
		conformance(t, func(t testing.TB) *Store { return openPostgres(t, dsn) })
	})
}

// conformance is what every engine must do.
func conformance(t *testing.T, open func(testing.TB) *Store) {
	for name, test := range map[string]func(*testing.T, *Store){
		"sources":                testSources,
		"due sources":            testDueSources,
		"items":                  testItems,
		"item marks":             testItemMarks,
		"captures":               testCaptures,
		"articles":               testArticles,
		"revisions":              testRevisions,
		"readings":               testReadings,
		"statements":             testStatements,
		"stories":                testStories,
		"stories by hand":        testStoriesByHand,
		"claims":                 testClaims,
		"claims by hand":         testClaimsByHand,
		"story pages":            testStoryPages,
		"ledger":                 testLedger,
		"named ledger":           testNamedLedger,
		"recent":                 testRecent,
		"search":                 testSearch,
		"search any input":       testSearchAnyInput,
		"pending":                testPending,
		"dead letters":           testDeadLetters,
		"reset":                  testResetStage,
		"counts":                 testCounts,
		"positions":              testPositions,
		"speakers":               testSpeakers,
		"speaker pages":          testSpeakerPages,
		"speakers by hand":       testSpeakersByHand,
		"services":               testServices,
		"vantage points":         testVantages,
		"observations":           testObservations,
		"roll-ups":               testRollups,
		"spooled":                testSpooled,
		"service days":           testServiceDays,
		"forget":                 testForget,
		"verdicts":               testVerdicts,
		"reviews":                testReviews,
		"signals":                testSignals,
		"hostile strings":        testHostileStrings,
		"concurrent writers":     testConcurrentWriters,
		"cancelled":              testCancelled,
		"situations":             testSituations,
		"situation faults":       testSituationFaults,
		"situation members":      testSituationMembers,
		"situation index agrees": testSituationIndexAgrees,
		"situation work":         testSituationWork,
		"situation timeline":     testSituationTimeline,
		"situation times":        testSituationTimes,
		"situation replay":       testSituationReplay,
		"movements":              testMovements,
		"situation copies":       testSituationCopies,
		"situation pins":         testSituationPins,
		"situation lists":        testSituationLists,
		"situation stage":        testSituationStage,
		"saved entries":          testSaveEntries,
		"mentions":               testMentions,
		"alert rules":            testAlertRules,
		"outbox":                 testOutbox,
		"alert entries":          testAlertEntries,
		"briefings":              testBriefings,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// must returns v and ends the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// at is a moment of the test's day.
func at(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }

// sample returns an article of an outlet; the name tells it from others.
func sample(outlet, name, text string, published time.Time) *model.Article {
	return &model.Article{
		URL: "https://" + outlet + ".example/" + name, Title: "About " + name, Outlet: outlet, Text: text,
		Bylines: []string{"Ada Orr"}, Published: published, PublishedFrom: model.DateMeta, Language: "en",
		Readability: model.ReadOK, Capture: model.HashOf([]byte(name + text)), Seen: published.Add(5 * time.Minute),
	}
}

// said returns a statement whose content and speaker are found in text.
func said(a *model.Article, n int, content, speaker string) model.Statement {
	span := func(part string) model.Span {
		i := strings.Index(a.Text, part)
		return model.Span{Start: i, End: i + len(part)}
	}
	return model.Statement{
		ID: model.ID("statement", a.ID, string(rune('0'+n))), Article: a.ID, Revision: a.Revision, N: n,
		Content: []model.Span{span(content)}, Mention: span(speaker), Speaker: speaker,
		SpeakerType: model.SpeakerPerson, Role: "minister", Kind: model.KindDirect, Stance: model.StanceDenies,
	}
}
