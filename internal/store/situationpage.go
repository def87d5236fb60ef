package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// maxListed bounds a list of a situation where no limit is given.
const maxListed = 500

func listLimit(limit int) int {
	if limit <= 0 || limit > maxListed {
		return maxListed
	}
	return limit
}

// SituationClaims returns the claims its members' statements stand in: disputed
// ones first, then those that most speakers and origins carry. Their counts are
// of all articles, members or not.
func (s *Store) SituationClaims(ctx context.Context, id string, limit int) ([]model.Claim, error) {
	out, err := all(ctx, s.r, scanClaim, `SELECT `+claimColumns+` FROM (SELECT * FROM situation_claim WHERE situation = $1
			ORDER BY contested DESC, speakers DESC, origins DESC, claim DESC LIMIT $2) x JOIN claim c ON c.id = x.claim
		ORDER BY x.contested DESC, x.speakers DESC, x.origins DESC, x.claim DESC`, id, listLimit(limit))
	return out, s.wrap("claims of situation "+id, err)
}

// SituationStories returns the stories its members stand in, the latest first.
func (s *Store) SituationStories(ctx context.Context, id string, limit int) ([]model.Story, error) {
	out, err := all(ctx, s.r, scanStory, `SELECT `+storyColumns+` FROM story WHERE id IN
			(SELECT DISTINCT story FROM situation_member WHERE situation = $1)
		ORDER BY latest DESC, id DESC LIMIT $2`, id, listLimit(limit))
	return out, s.wrap("stories of situation "+id, err)
}

// SituationSpots returns the places its members name, those in most origins
// first: Place.ID, how many independent articles name it, and how many
// statements stand in sentences that do. The gazetteer knows the rest.
func (s *Store) SituationSpots(ctx context.Context, id string) ([]model.Spot, error) {
	out, err := all(ctx, s.r, func(row scanner) (p model.Spot, err error) {
		err = row.Scan(&p.ID, &p.Articles, &p.Statements)
		return p, err
	}, `SELECT place, count(DISTINCT root), CAST(sum(CASE WHEN root = article THEN statements ELSE 0 END) AS BIGINT)
		FROM situation_place WHERE situation = $1 GROUP BY place ORDER BY count(DISTINCT root) DESC, place`, id)
	return out, s.wrap("places of situation "+id, err)
}

// SituationArticles returns the articles that belong to a situation, each with
// why, as it was last compared, and those that a person has put out: at most
// limit of either, the newest first.
func (s *Store) SituationArticles(ctx context.Context, id string, limit int) ([]model.MemberArticle, error) {
	op := "articles of situation " + id
	if _, err := situationNow(ctx, s.r, id); err != nil {
		return nil, s.wrap(op, err)
	}
	in, err := all(ctx, s.r, func(row scanner) (m model.MemberArticle, err error) {
		var r articleRow
		var why string
		if err := row.Scan(append(r.fields(), &why)...); err != nil {
			return m, err
		}
		if m.Article, err = r.article(); err != nil {
			return m, err
		}
		return m, json.Unmarshal([]byte(why), &m.Why)
	}, `SELECT `+articleColumns+`, m.why FROM (SELECT * FROM situation_member WHERE situation = $1 ORDER BY at DESC, article LIMIT $2) m
		JOIN article a ON a.id = m.article ORDER BY m.at DESC, m.article`, id, listLimit(limit))
	if err != nil {
		return nil, s.wrap(op, err)
	}
	out, err := s.putOut(ctx, id, listLimit(limit))
	return append(in, out...), s.wrap(op, err)
}

// SituationMakeup returns how many articles of a situation come from which
// outlet, and how many a person has put out, of which at most maxListed count.
func (s *Store) SituationMakeup(ctx context.Context, id string) (model.Makeup, error) {
	op := "outlets of situation " + id
	var m model.Makeup
	var err error
	// The reasons are JSON, in which no quoted text has an unescaped quote.
	m.Outlets, err = all(ctx, s.r, func(row scanner) (o model.OutletShare, err error) {
		var latest int64
		err = row.Scan(&o.Outlet, &o.Articles, &o.Origins, &o.Pinned, &o.Versions, &latest)
		o.Latest = fromMicros(latest)
		return o, err
	}, `SELECT a.outlet, count(*), count(CASE WHEN a.copy_of = '' THEN 1 END), count(CASE WHEN EXISTS (SELECT 1 FROM situation_pin WHERE situation = $1) AND m.why LIKE '%"Pinned":true%' THEN 1 END),
			CAST(sum(a.revision) AS BIGINT), max(CASE WHEN a.published <> 0 THEN a.published ELSE a.first_seen END)
		FROM situation_member m JOIN article a ON a.id = m.article WHERE m.situation = $1 GROUP BY a.outlet`, id)
	if err != nil {
		return m, s.wrap(op, err)
	}
	out, err := s.putOut(ctx, id, maxListed)
	m.Excluded = len(out)
	return m, s.wrap(op, err)
}

// putOut returns the articles that a person has put out of a situation by
// themselves or with their story, the newest first.
func (s *Store) putOut(ctx context.Context, id string, limit int) ([]model.MemberArticle, error) {
	// A decision holds until a later one about the same; one about an article
	// outweighs one about its story, and then the article is a member or stands
	// here for itself.
	const holds = `p.situation = $1 AND p.verb = 'exclude' AND p.n = (SELECT max(q.n) FROM situation_pin q
			WHERE q.situation = p.situation AND q.article = p.article AND q.story = p.story)
		AND NOT EXISTS (SELECT 1 FROM situation_member m WHERE m.situation = p.situation AND m.article = a.id)`
	list, err := all(ctx, s.r, func(row scanner) (m model.MemberArticle, err error) {
		var r articleRow
		var at int64
		if err := row.Scan(append(r.fields(), &m.Why.By, &at, &m.Why.Story)...); err != nil {
			return m, err
		}
		m.Article, err = r.article()
		m.Why.Situation, m.Why.Article, m.Why.Excluded, m.Why.At = id, m.ID, true, fromMicros(at)
		return m, err
	}, `SELECT `+articleColumns+`, x.who, x.at, x.story FROM (
			SELECT a.id, p.who, p.at, p.story FROM situation_pin p JOIN article a ON a.id = p.article WHERE p.article <> '' AND `+holds+`
			UNION ALL
			SELECT a.id, p.who, p.at, p.story FROM situation_pin p
				JOIN article a ON a.story = coalesce((SELECT v.now FROM moved v WHERE v.noun = 'story' AND v.id = p.story), p.story)
				WHERE p.story <> '' AND `+holds+`
		) x JOIN article a ON a.id = x.id ORDER BY a.at DESC, a.id, x.story LIMIT $2`, id, limit)
	return slices.CompactFunc(list, func(a, b model.MemberArticle) bool { return a.ID == b.ID }), err
}

// SituationWhy says how an article stands to a situation: which words, speakers,
// places and source put it in, what keeps it out, or who has decided so.
func (s *Store) SituationWhy(ctx context.Context, id, articleID string) (*model.Member, error) {
	op := "article " + articleID + " in situation " + id
	list, err := s.catchers(ctx, s.r, id)
	if err == nil && len(list) == 0 {
		err = model.Errorf(model.ErrNotFound, "there is no situation %s", id)
	}
	if err != nil {
		return nil, s.wrap(op, err)
	}
	why, err := scanOne[string](one(ctx, s.r, `SELECT why FROM situation_member WHERE situation = $1 AND article = $2 AND definition = $3`,
		id, articleID, list[0].sit.Revision))
	if err == nil {
		m := &model.Member{}
		return m, s.wrap(op, json.Unmarshal([]byte(why), m))
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, s.wrap(op, err)
	}
	a, err := loadCandidate(ctx, s.r, articleID)
	if err != nil {
		return nil, s.wrap(op, err)
	}
	m := list[0].match(a)
	pins, err := pinsOn(ctx, s.r, a)
	pins[id].decide(&m)
	return &m, s.wrap(op, err)
}

// PreviewSituation says what a definition, stored or not, would have caught of
// the articles filed since a time: how many, what share of all, and the newest
// of them with the reasons, at most limit. A definition that catches more than
// model.Broad of all is warned of. Faults are those of SaveSituation.
func (s *Store) PreviewSituation(ctx context.Context, sit model.Situation, since time.Time, limit int) (model.Preview, error) {
	p := model.Preview{Since: since}
	if err := sit.Validate(); err != nil {
		return p, err
	}
	c, err := s.newCatcher(&sit)
	if err != nil {
		return p, err
	}
	const op = "preview of a situation"
	if err := s.knownParts(ctx, &sit); err != nil {
		return p, err
	}
	if err := c.known(ctx, s.r); err != nil {
		return p, s.wrap(op, err)
	}
	if err := c.look(ctx, s.r); err != nil {
		return p, s.wrap(op, err)
	}
	if err := s.countCaught(ctx, c, &p); err != nil {
		return p, s.wrap(op, err)
	}
	if p.Sample, p.Why, err = s.sample(ctx, c, since, limit); err != nil {
		return p, s.wrap(op, err)
	}
	if p.All > 0 {
		p.Share = float64(p.Articles) / float64(p.All)
	}
	if p.Share > model.Broad {
		p.Warnings = append(p.Warnings, fmt.Sprintf("it catches %d of the %d articles since %s (%.0f %%): that is nearly everything, narrow it",
			p.Articles, p.All, since.UTC().Format("2006-01-02"), 100*p.Share))
	}
	if !sit.Wants() {
		p.Warnings = append(p.Warnings, "it catches no article by itself: only services are named, so its articles are those pinned by hand")
	}
	return p, nil
}

func (s *Store) countCaught(ctx context.Context, c *catcher, p *model.Preview) error {
	where, args := c.where(&s.dialect, 0, math.MaxInt64)
	args = append(args, micros(p.Since))
	err := one(ctx, s.r, fmt.Sprintf(`SELECT count(*), count(CASE WHEN a.copy_of = '' THEN 1 END), count(DISTINCT CASE WHEN a.story <> '' THEN a.story END)
		FROM article a WHERE %s AND a.at >= $%d`, where, len(args)), args...).Scan(&p.Articles, &p.Origins, &p.Stories)
	if err != nil {
		return err
	}
	return one(ctx, s.r, `SELECT count(*) FROM article WHERE at >= $1`, micros(p.Since)).Scan(&p.All)
}

// sample loads the newest articles a definition catches, with the reasons.
func (s *Store) sample(ctx context.Context, c *catcher, since time.Time, limit int) ([]model.Article, []model.Member, error) {
	if limit <= 0 {
		return nil, nil, nil
	}
	where, args := c.where(&s.dialect, 0, math.MaxInt64)
	n := len(args)
	ids, err := all(ctx, s.r, scanOne[string], fmt.Sprintf(`SELECT a.id FROM article a WHERE %s AND a.at >= $%d ORDER BY a.at DESC, a.n DESC LIMIT $%d`,
		where, n+1, n+2), append(args, micros(since), listLimit(limit))...)
	if err != nil {
		return nil, nil, err
	}
	var list []model.Article
	var why []model.Member
	for _, id := range ids {
		a, err := loadCandidate(ctx, s.r, id)
		if err != nil {
			return nil, nil, err
		}
		why = append(why, c.match(a))
		a.Text = ""
		list = append(list, a.Article)
	}
	return list, why, nil
}
