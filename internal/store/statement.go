package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"crosscheck/internal/model"
)

const statementColumns = `s.id, s.article, s.revision, s.n, s.content, s.cue_start, s.cue_end, s.mention_start, s.mention_end,
	s.speaker, s.speaker_type, s.role, s.kind, s.stance, s.channel, s.said_on, s.class, s.outer_n, s.claim, s.attitude,
	coalesce((SELECT speaker FROM speaker_alias WHERE speaker_alias.id = s.alias), '')`

// statementRow receives statementColumns.
type statementRow struct {
	st      model.Statement
	content string
}

func (r *statementRow) fields() []any {
	st := &r.st
	return []any{
		&st.ID, &st.Article, &st.Revision, &st.N, &r.content, &st.Cue.Start, &st.Cue.End, &st.Mention.Start, &st.Mention.End,
		&st.Speaker, &st.SpeakerType, &st.Role, &st.Kind, &st.Stance, &st.Channel, &st.SaidOn,
		&st.Class, &st.Outer, &st.Claim, &st.Attitude, &st.SpeakerID,
	}
}

func (r *statementRow) statement() (st model.Statement, err error) {
	r.st.Content, err = spans(r.content)
	return r.st, err
}

// spans reads a stored list of spans, see jsonList. The usual form is read by
// hand: boards read thousands.
func spans(list string) (out []model.Span, err error) {
	if sp, ok := oneSpan(list); ok {
		return []model.Span{sp}, nil
	}
	err = json.Unmarshal([]byte(list), &out)
	return out, err
}

// oneSpan reads a list of one span as it is written.
func oneSpan(list string) (sp model.Span, ok bool) {
	list, ok = strings.CutPrefix(list, `[{"start":`)
	if !ok {
		return sp, false
	}
	start, rest, _ := strings.Cut(list, `,"end":`)
	end, ok := strings.CutSuffix(rest, `}]`)
	if !ok {
		return sp, false
	}
	var err, err2 error
	sp.Start, err = strconv.Atoi(start)
	sp.End, err2 = strconv.Atoi(end)
	return sp, err == nil && err2 == nil
}

func scanStatement(row scanner) (model.Statement, error) {
	var r statementRow
	if err := row.Scan(r.fields()...); err != nil {
		return model.Statement{}, err
	}
	return r.statement()
}

// Statements returns the statements of the newest revision of an article, in
// text order: none while that revision waits for the statement stage. Positions
// are left out.
func (s *Store) Statements(ctx context.Context, articleID string) ([]model.Statement, error) {
	return s.statements(ctx, articleID, `s.class = ''`)
}

// AllStatements is Statements with the positions among them.
func (s *Store) AllStatements(ctx context.Context, articleID string) ([]model.Statement, error) {
	return s.statements(ctx, articleID, `1 = 1`)
}

func (s *Store) statements(ctx context.Context, articleID, which string) ([]model.Statement, error) {
	out, err := all(ctx, s.r, scanStatement, `SELECT `+statementColumns+` FROM statement s
		JOIN article a ON a.id = s.article AND a.revision = s.revision WHERE s.article = $1 AND `+which+` ORDER BY s.n`, articleID)
	return out, s.wrap("statements of article "+articleID, err)
}

// SaveStatements puts the statements and positions of one revision of an article
// in the place of any that were there, finds out who their speakers are across
// articles, and marks the statement stage as done for it. Those of other
// revisions stay. A statement that points outside its text is an ErrInvalid, and
// then nothing is saved.
func (s *Store) SaveStatements(ctx context.Context, articleID string, revision int, list []model.Statement) error {
	return s.write(ctx, "save statements of article "+articleID, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, articleID); err != nil {
			return err
		}
		var title, text, outlet string
		err := one(ctx, tx, `SELECT r.title, r.text, a.outlet FROM revision r JOIN article a ON a.id = r.article
			WHERE r.article = $1 AND r.n = $2`, articleID, revision).Scan(&title, &text, &outlet)
		if err != nil {
			return err
		}
		for i := range list {
			if err := pointsInto(&list[i], text); err != nil {
				return err
			}
		}
		if err := s.replaceStatements(ctx, tx, articleID, revision, outlet, list); err != nil {
			return err
		}
		return s.markStated(ctx, tx, articleID, revision, title, text, list)
	})
}

// pointsInto checks that every span of st lies in text.
func pointsInto(st *model.Statement, text string) error {
	spans := st.Content
	for _, optional := range []model.Span{st.Cue, st.Mention} {
		if optional != (model.Span{}) {
			spans = append(spans[:len(spans):len(spans)], optional)
		}
	}
	if len(st.Content) == 0 {
		return model.Errorf(model.ErrInvalid, "statement %d has no content", st.N)
	}
	for _, sp := range spans {
		if sp.Of(text) == "" {
			return model.Errorf(model.ErrInvalid, "statement %d: span %d to %d does not lie in the text", st.N, sp.Start, sp.End)
		}
	}
	return nil
}

func (s *Store) replaceStatements(ctx context.Context, tx *sql.Tx, articleID string, revision int, outlet string, list []model.Statement) error {
	if err := s.lock(ctx, tx, claimLock, speakerLock); err != nil {
		return err
	}
	if err := countSpeakers(ctx, tx, articleID, revision, -1); err != nil {
		return err
	}
	claims, err := claimsOf(ctx, tx, articleID)
	if err != nil {
		return err
	}
	if err := keepReadings(ctx, tx, s.now(), `s.article = $1 AND s.revision = $2`, articleID, revision); err != nil {
		return err
	}
	if _, err := exec(ctx, tx, `DELETE FROM statement WHERE article = $1 AND revision = $2`, articleID, revision); err != nil {
		return err
	}
	for _, id := range claims {
		if _, err := refreshClaim(ctx, tx, id); err != nil {
			return err
		}
	}
	aliases := map[model.SpeakerDescription]string{}
	for i := range list {
		d := describe(&list[i], outlet)
		alias, known := aliases[d]
		if !known {
			var err error
			if alias, err = s.identify(ctx, tx, d); err != nil {
				return err
			}
			aliases[d] = alias
		}
		if err := insertStatement(ctx, tx, articleID, revision, i+1, &list[i], alias); err != nil {
			return err
		}
	}
	return countSpeakers(ctx, tx, articleID, revision, +1)
}

func insertStatement(ctx context.Context, tx *sql.Tx, articleID string, revision, n int, st *model.Statement, alias string) error {
	n = firstOf(st.N, n)
	id := firstOf(st.ID, model.ID("statement", articleID, strconv.Itoa(revision), strconv.Itoa(n)))
	_, err := exec(ctx, tx, `INSERT INTO statement (article, revision, n, id, content, cue_start, cue_end, mention_start, mention_end,
			speaker, speaker_key, speaker_type, role, kind, stance, channel, said_on, class, outer_n, alias)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		articleID, revision, n, id, jsonList(st.Content), st.Cue.Start, st.Cue.End, st.Mention.Start, st.Mention.End,
		st.Speaker, foldKey(st.Speaker), string(st.SpeakerType), st.Role, string(st.Kind), string(st.Stance), st.Channel, st.SaidOn,
		string(st.Class), st.Outer, alias)
	return err
}

// countStated counts the statements; positions are none.
func countStated(list []model.Statement) int {
	n := 0
	for i := range list {
		if list[i].Class == model.ClassStatement {
			n++
		}
	}
	return n
}

// markStated notes that the newest revision has its statements, and lets their
// speakers be found.
func (s *Store) markStated(ctx context.Context, tx *sql.Tx, articleID string, revision int, title, text string, list []model.Statement) error {
	n, err := exec(ctx, tx, `UPDATE article SET stated = $3, stated_rev = $2, claimed_rev = 0, situated_rev = 0 WHERE id = $1 AND revision = $2`,
		articleID, revision, countStated(list))
	if err != nil || n == 0 { // an older revision
		return err
	}
	if err := clearDead(ctx, tx, articleID, StageStatement, StageClaim, StageSituation); err != nil {
		return err
	}
	if len(list) > 0 {
		var speakers []string
		for i := range list {
			if list[i].Class == model.ClassStatement {
				speakers = append(speakers, list[i].Speaker)
			}
		}
		if err := s.indexArticle(ctx, tx, articleID, title, text, speakers); err != nil {
			return err
		}
	}
	var story string
	if err := one(ctx, tx, `SELECT story FROM article WHERE id = $1`, articleID).Scan(&story); err != nil {
		return err
	}
	if err := s.lock(ctx, tx, story); err != nil {
		return err
	}
	return refreshStory(ctx, tx, story)
}
