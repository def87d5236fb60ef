package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Claimable is a statement as the claim stage gets it, with the claim it has.
type Claimable struct {
	model.Ledger
	Pinned bool // a person has decided on its claim
}

// Claimables returns the statements of the newest revision of an article, in
// text order.
func (s *Store) Claimables(ctx context.Context, articleID string) ([]Claimable, error) {
	list, err := s.ledger(ctx, `a.id = $1`, `a.id = $1 AND s.class = ''`, articleID)
	if err != nil {
		return nil, s.wrap("statements of article "+articleID, err)
	}
	pins, err := pinsOf(ctx, s.r, articleID)
	if err != nil {
		return nil, s.wrap("claims of article "+articleID, err)
	}
	out := make([]Claimable, len(list))
	for i, l := range list {
		out[i].Ledger = l
		if pin, ok := pins[pinKey(&l)]; ok {
			out[i].Claim, out[i].Pinned = pin.claim, true
			out[i].Attitude = firstOf(pin.attitude, l.Attitude)
		}
	}
	return out, nil
}

// pin is what a person has decided about a statement.
type pin struct {
	claim    string
	attitude model.Stance
}

// pinKey knows a statement by who says what in its article.
func pinKey(l *model.Ledger) string { return model.ID("words", foldKey(l.Speaker), l.Words()) }

func pinsOf(ctx context.Context, c conn, article string) (map[string]pin, error) {
	pins := map[string]pin{}
	_, err := all(ctx, c, func(row scanner) (struct{}, error) {
		var words string
		var p pin
		err := row.Scan(&words, &p.claim, &p.attitude)
		pins[words] = p
		return struct{}{}, err
	}, `SELECT words, claim, attitude FROM claim_pin WHERE article = $1`, article)
	return pins, err
}

// ClaimAssignment says which claim a statement belongs to.
type ClaimAssignment struct {
	Statement string // Statement.ID
	Claim     string
	Attitude  model.Stance // to the claim's proposition
	Why       string       // the evidence, JSON
}

// ClaimText is the words that stand for a claim.
type ClaimText struct {
	Claim     string
	Statement string // Statement.ID
	Text      string
}

// AssignClaims puts statements into claims, all of them or none, gives the
// claims their words, and marks the claim stage as done for that revision of
// the article. A claim comes to be with its first statement and ends with its
// last; then its id leads to where that went. A statement that a person has put
// into its claim stays there, one a person gave an attitude keeps it, and one
// that is not known any more is left out.
func (s *Store) AssignClaims(ctx context.Context, articleID string, revision int, list []ClaimAssignment, texts []ClaimText) error {
	return s.write(ctx, "assign claims of article "+articleID, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, articleID, claimLock); err != nil {
			return err
		}
		pins := map[string]map[string]pin{}
		t, now := touchedClaims{}, s.now()
		for _, as := range list {
			if as.Claim == "" {
				return model.Errorf(model.ErrInvalid, "statement %s: no claim", as.Statement)
			}
			if err := assignClaim(ctx, tx, as, pins, t, now); err != nil {
				return err
			}
		}
		if err := t.refresh(ctx, tx); err != nil {
			return err
		}
		for _, x := range texts {
			_, err := exec(ctx, tx, `UPDATE claim SET statement = $2, text = $3 WHERE id = $1
				AND EXISTS (SELECT 1 FROM statement s WHERE s.id = $2 AND s.claim = $1)`, x.Claim, x.Statement, x.Text)
			if err != nil {
				return err
			}
		}
		_, err := exec(ctx, tx, `UPDATE article SET claimed_rev = $2, situated_rev = 0 WHERE id = $1 AND revision = $2`, articleID, revision)
		if err != nil {
			return err
		}
		return clearDead(ctx, tx, articleID, StageClaim, StageSituation)
	})
}

// claimLock is what whoever changes claims waits for.
const claimLock = "claims"

// touchedClaims are the claims statements were taken from, and where these went.
type touchedClaims map[string]string

func (t touchedClaims) move(from, to string) {
	t[to] = ""
	if from != "" && from != to {
		t[from] = to
	}
}

// refresh brings them up to date.
func (t touchedClaims) refresh(ctx context.Context, tx *sql.Tx) error {
	for id, to := range t {
		left, err := refreshClaim(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case left:
			err = unmoved(ctx, tx, "claim", id)
		case to != "":
			err = moved(ctx, tx, "claim", id, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assignClaim writes where one statement belongs, unless a person has.
func assignClaim(ctx context.Context, tx *sql.Tx, as ClaimAssignment, pins map[string]map[string]pin, t touchedClaims, now time.Time) error {
	rows, err := all(ctx, tx, scanPinned, pinnedQuery+`s.id = $1`, as.Statement)
	if err != nil || len(rows) == 0 {
		return err
	}
	row := rows[0]
	if pins[row.article] == nil {
		if pins[row.article], err = pinsOf(ctx, tx, row.article); err != nil {
			return err
		}
	}
	if p, ok := pins[row.article][row.words]; ok {
		as.Claim, as.Attitude = p.claim, firstOf(p.attitude, as.Attitude)
	}
	t.move(row.claim, as.Claim)
	if row.claim != as.Claim || row.attitude != as.Attitude {
		if err := keepReading(ctx, tx, row, now); err != nil {
			return err
		}
		if err := unsituate(ctx, tx, row.article); err != nil {
			return err
		}
	}
	_, err = exec(ctx, tx, `UPDATE statement SET claim = $2, attitude = $3, claim_why = $4 WHERE id = $1`,
		as.Statement, as.Claim, string(as.Attitude), as.Why)
	return err
}

// pinned is what is needed of a statement to decide on its claim.
type pinned struct {
	id, article, claim, words string
	attitude                  model.Stance
}

const pinnedQuery = `SELECT s.id, s.article, s.claim, s.attitude, s.speaker, s.content, r.text FROM statement s
	JOIN revision r ON r.article = s.article AND r.n = s.revision WHERE `

func scanPinned(row scanner) (p pinned, err error) {
	var l model.Ledger
	var content, text string
	if err := row.Scan(&p.id, &p.article, &p.claim, &p.attitude, &l.Speaker, &content, &text); err != nil {
		return p, err
	}
	if l.Content, err = spans(content); err != nil {
		return p, err
	}
	l.Text = contentText(&l.Statement, text)
	p.words = pinKey(&l)
	return p, nil
}

// refreshClaim recomputes a claim's aggregates and reports whether it has
// statements left. One without goes.
func refreshClaim(ctx context.Context, tx *sql.Tx, id string) (left bool, err error) {
	n, err := exec(ctx, tx, `INSERT INTO claim (id, started, latest, statements, origins, speakers, upheld, disputed)
		SELECT claim, min(at), max(at), count(*), count(DISTINCT origin), count(DISTINCT voice),
			count(DISTINCT CASE WHEN attitude IN ('asserts', 'confirms') THEN voice END),
			count(DISTINCT CASE WHEN attitude IN ('denies', 'doubts') THEN voice END)
		FROM (SELECT s.claim, s.attitude, a.at, CASE WHEN a.copy_of = '' THEN a.id ELSE a.copy_of END AS origin,
				coalesce(l.speaker, s.speaker_key || CASE WHEN s.speaker_type <> 'unnamed' THEN '' WHEN a.copy_of = '' THEN a.id ELSE a.copy_of END) AS voice
			FROM statement s JOIN article a ON a.id = s.article AND a.revision = s.revision
			LEFT JOIN speaker_alias l ON l.id = s.alias AND s.alias <> '' WHERE s.claim = $1) x
		GROUP BY claim
		ON CONFLICT (id) DO UPDATE SET started = excluded.started, latest = excluded.latest, statements = excluded.statements,
			origins = excluded.origins, speakers = excluded.speakers, upheld = excluded.upheld, disputed = excluded.disputed`, id)
	if err != nil {
		return false, err
	}
	if n > 0 {
		return true, relistClaim(ctx, tx, id)
	}
	_, err = exec(ctx, tx, `DELETE FROM claim WHERE id = $1`, id)
	return false, err
}

// claimsOf returns the claims the statements of an article stand in, of all its
// revisions.
func claimsOf(ctx context.Context, c conn, article string) ([]string, error) {
	return all(ctx, c, scanOne[string], `SELECT DISTINCT claim FROM statement WHERE article = $1 AND claim <> '' ORDER BY claim`, article)
}

// refreshClaimsOf brings the claims of an article up to date.
func refreshClaimsOf(ctx context.Context, tx *sql.Tx, article string) error {
	ids, err := claimsOf(ctx, tx, article)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := refreshClaim(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

const claimColumns = `c.id, c.text, c.statement, c.started, c.latest, c.statements, c.origins, c.speakers, c.upheld, c.disputed`

func scanClaim(row scanner) (model.Claim, error) {
	var c model.Claim
	var started, latest int64
	err := row.Scan(&c.ID, &c.Text, &c.Statement, &started, &latest, &c.Statements, &c.Origins, &c.Speakers, &c.Upheld, &c.Disputed)
	c.Started, c.Latest = fromMicros(started), fromMicros(latest)
	return c, err
}

// Claims returns claims, the one with the latest article first.
func (s *Store) Claims(ctx context.Context, q model.ClaimQuery) ([]model.Claim, error) {
	before := int64(1<<63 - 1)
	if !q.Before.IsZero() {
		before = micros(q.Before)
	}
	where := ""
	if q.Disputed {
		where += ` AND c.upheld > 0 AND c.disputed > 0`
	}
	if q.Carried {
		where += ` AND (c.speakers > 1 OR c.origins > 1)`
	}
	out, err := all(ctx, s.r, scanClaim, `SELECT `+claimColumns+` FROM claim c WHERE c.latest < $1`+where+`
		ORDER BY c.latest DESC, c.id DESC LIMIT $2`, before, q.Limit)
	return out, s.wrap("claims", err)
}

// Claim returns one claim. Of one that has become part of another it returns the
// other.
func (s *Store) Claim(ctx context.Context, id string) (*model.Claim, error) {
	id, err := nowAt(ctx, s.r, "claim", id)
	if err != nil {
		return nil, s.wrap("claim "+id, err)
	}
	c, err := scanClaim(one(ctx, s.r, `SELECT `+claimColumns+` FROM claim c WHERE c.id = $1`, id))
	if err != nil {
		return nil, s.wrap("claim "+id, err)
	}
	return &c, nil
}

// Copies returns the articles that copy one of those given, without their text,
// in the order they were published.
func (s *Store) Copies(ctx context.Context, origins ...string) ([]model.Article, error) {
	if len(origins) == 0 {
		return nil, nil
	}
	in, args := inList(origins)
	out, err := all(ctx, s.r, scanHead, `SELECT `+articleColumns+` FROM article a
		WHERE a.copy_of <> '' AND a.copy_of IN (`+in+`) ORDER BY a.at, a.n`, args...)
	return out, s.wrap("copies", err)
}

// ClaimWhy returns the evidence each statement of a claim was grouped on, JSON, by
// statement id.
func (s *Store) ClaimWhy(ctx context.Context, claimID string) (map[string]string, error) {
	out, err := s.whys(ctx, `SELECT id, claim_why FROM statement WHERE claim = $1`, claimID)
	return out, s.wrap("grouping of claim "+claimID, err)
}

// inList writes the places of values in a query's list.
func inList(values []string) (marks string, args []any) {
	list, args := make([]string, len(values)), make([]any, len(values))
	for i, v := range values {
		list[i], args[i] = "$"+strconv.Itoa(i+1), v
	}
	return strings.Join(list, ", "), args
}

// maxStoryClaims bounds the claims of one story.
const maxStoryClaims = 500

// StoryClaims returns the claims that statements of a story's articles stand in:
// disputed ones first, then those that most speakers and origins carry.
func (s *Store) StoryClaims(ctx context.Context, storyID string) ([]model.Claim, error) {
	out, err := all(ctx, s.r, scanClaim, `SELECT `+claimColumns+` FROM claim c WHERE c.id IN (
			SELECT s.claim FROM article a JOIN statement s ON s.article = a.id AND s.revision = a.revision
			WHERE a.story = $1 AND s.claim <> '' AND s.class = '')
		ORDER BY CASE WHEN c.upheld > 0 AND c.disputed > 0 THEN 0 ELSE 1 END, c.speakers DESC, c.origins DESC, c.started, c.id
		LIMIT $2`, storyID, maxStoryClaims)
	return out, s.wrap("claims of story "+storyID, err)
}

// maxSpeakerClaims bounds the claims looked at for one speaker's page.
const maxSpeakerClaims = 200

// SpeakerClaims returns the claims with statements of a speaker that others
// dispute or that the speaker disputes, the latest first.
func (s *Store) SpeakerClaims(ctx context.Context, speakerID string) ([]model.Claim, error) {
	out, err := all(ctx, s.r, scanClaim, `SELECT `+claimColumns+` FROM claim c WHERE c.upheld > 0 AND c.disputed > 0 AND c.id IN (
			SELECT s.claim`+spoken+` AND s.claim <> '')
		ORDER BY c.latest DESC, c.id LIMIT $2`, speakerID, maxSpeakerClaims)
	return out, s.wrap("claims of speaker "+speakerID, err)
}

// maxClaimLedger bounds the statements shown of some claims at a time.
const maxClaimLedger = 4000

// ClaimLedger returns the statements of claims, of the newest revisions, by the
// articles' times and then in text order.
func (s *Store) ClaimLedger(ctx context.Context, ids ...string) ([]model.Ledger, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := inList(ids)
	texts, err := s.textsWhere(ctx, `a.id IN (SELECT article FROM statement WHERE claim IN (`+in+`))`, args...)
	if err != nil {
		return nil, s.wrap("ledger of claims", err)
	}
	// Without the articles, of which texts has what counts: boards read thousands.
	out, err := s.ledgerOf(ctx, texts, `statement s WHERE s.claim IN (`+in+`) AND s.class = ''`, args...)
	return out[:min(len(out), maxClaimLedger)], s.wrap("ledger of claims", err)
}

// ledger returns the statements of the newest revisions that a condition picks,
// with the articles another condition picks, by the articles' times and then in
// text order.
func (s *Store) ledger(ctx context.Context, articles, statements string, args ...any) ([]model.Ledger, error) {
	texts, err := s.textsWhere(ctx, articles, args...)
	if err != nil {
		return nil, err
	}
	return s.ledgerOf(ctx, texts, `article a JOIN statement s ON s.article = a.id AND s.revision = a.revision WHERE `+statements, args...)
}

// ledgerOf returns the statements that a FROM clause picks, but those of former
// revisions of the texts, in their order.
func (s *Store) ledgerOf(ctx context.Context, texts map[string]*ledgerText, from string, args ...any) ([]model.Ledger, error) {
	out, err := all(ctx, s.r, func(row scanner) (model.Ledger, error) {
		l, err := scanLedger(row)
		return withText(l, texts[l.Article]), err
	}, `SELECT `+ledgerColumns+` FROM `+from, args...)
	out = slices.DeleteFunc(out, func(l model.Ledger) bool {
		t := texts[l.Article]
		return t != nil && l.Revision < t.revision
	})
	// Not by the database, which would carry every column through its sort. An
	// article that came in between the two queries is the last.
	when := func(l *model.Ledger) (int64, int64) {
		if t := texts[l.Article]; t != nil {
			return t.at, t.n
		}
		return math.MaxInt64, math.MaxInt64
	}
	slices.SortFunc(out, func(x, y model.Ledger) int {
		at, n := when(&x)
		at2, n2 := when(&y)
		return cmp.Or(cmp.Compare(at, at2), cmp.Compare(n, n2), strings.Compare(x.Article, y.Article), x.N-y.N)
	})
	return out, err
}
