package web

import "time"

// The shapes of the API. Texts that are not stated are "", times that are not
// are null, lists are never null.

type apiStory struct {
	ID             string     `json:"id"`
	Page           string     `json:"page" format:"uri-reference" doc:"where people read it"`
	Title          string     `json:"title" doc:"headline of the earliest original"`
	Started        *time.Time `json:"started" doc:"of its earliest article"`
	Latest         *time.Time `json:"latest" doc:"of its newest article"`
	ArticleCount   int        `json:"article_count"`
	OriginCount    int        `json:"origin_count" doc:"articles that are copies of none"`
	OutletCount    int        `json:"outlet_count" doc:"of the origins"`
	StatementCount int        `json:"statement_count" doc:"in the origins"`
}

type apiStories struct {
	Stories []apiStory `json:"stories"`
	Next    string     `json:"next" format:"uri-reference" doc:"where the next ones are; empty after the last"`
}

type apiStoryWhole struct {
	Story      apiStory       `json:"story"`
	Origins    []apiOrigin    `json:"origins" doc:"by date of publication"`
	Claims     []apiClaim     `json:"claims" doc:"that more than one speaker or origin carries, disputed ones first"`
	Single     int            `json:"single_claim_count" doc:"claims that one speaker makes in one origin, left out of claims"`
	Statements []apiStatement `json:"statements" doc:"in the origins, each wording of a speaker once, oldest first"`
	Held       int            `json:"held_count" doc:"statements that the licence of their source keeps back"`
	Decisions  []apiDecision  `json:"decisions"`
}

// apiArticle is an article as other things point to it.
type apiArticle struct {
	ID        string     `json:"id"`
	Page      string     `json:"page" format:"uri-reference" doc:"where people read it"`
	URL       string     `json:"url" format:"uri-reference" doc:"of the original"`
	Title     string     `json:"title"`
	Outlet    string     `json:"outlet"`
	Published *time.Time `json:"published" doc:"as the article states it"`
	FirstSeen *time.Time `json:"first_seen" doc:"by us"`
	Story     string     `json:"story" doc:"id of its story"`
	CopyOf    string     `json:"copy_of" doc:"id of the origin it copies; empty for an independent one"`
}

// apiOrigin is an independent article with those that copy it.
type apiOrigin struct {
	Article    apiArticle `json:"article"`
	Statements []string   `json:"statements" doc:"ids of those that stand in it"`
	Copies     []apiCopy  `json:"copies"`
}

type apiCopy struct {
	Article apiArticle `json:"article"`
	Share   float64    `json:"share" doc:"of its text that stands in the origin, 0 to 1"`
	Change  string     `json:"change" doc:"what was cut or changed against the origin, in words"`
	From    string     `json:"taken_from" doc:"id of the article it seems taken from, the origin or a copy of that; empty where it cannot be told"`
}

type apiSpeaker struct {
	ID   string `json:"id" doc:"empty for a speaker without a name of its own"`
	Page string `json:"page" format:"uri-reference" doc:"where people read about it; empty without an id"`
	Name string `json:"name" doc:"as the article gives it; empty where nobody is named"`
	Type string `json:"type" doc:"person, organisation, unnamed or document"`
	Role string `json:"role"`
}

type apiStatement struct {
	ID         string     `json:"id"`
	Page       string     `json:"page" format:"uri-reference" doc:"the exact words in their article"`
	Words      string     `json:"words" doc:"verbatim; parts that stand apart are joined by a spaced ellipsis"`
	Spans      [][2]int   `json:"spans,omitempty" doc:"of each part in the text of its article, in Unicode code points, the end excluded; with articles only"`
	Speaker    apiSpeaker `json:"speaker"`
	Stance     string     `json:"stance" doc:"to the words: asserts, confirms, denies, doubts, demands or asks; empty where it takes none"`
	Kind       string     `json:"kind" doc:"direct, indirect or mixed"`
	Channel    string     `json:"channel" doc:"how it was said"`
	SaidOn     *string    `json:"said_on" format:"date" doc:"where the article states the day"`
	ReportedBy string     `json:"reported_by" doc:"who is quoted as having reported it"`
	Claim      string     `json:"claim" doc:"id of the claim it stands in"`
	Attitude   string     `json:"attitude" doc:"to the claim; a stance"`
	Article    apiArticle `json:"article"`
	CopyCount  int        `json:"copy_count" doc:"articles that copy this one"`
	AlsoIn     []apiPlace `json:"also_in" doc:"other origins with the same words of this speaker; with stories and articles only"`
}

type apiPlace struct {
	Statement string `json:"statement" doc:"id"`
	Page      string `json:"page" format:"uri-reference"`
	Article   string `json:"article" doc:"id"`
	Outlet    string `json:"outlet"`
}

type apiStatements struct {
	Statements []apiStatement `json:"statements"`
	Total      int            `json:"total"`
}

type apiClaim struct {
	ID             string        `json:"id"`
	Page           string        `json:"page" format:"uri-reference" doc:"where people read it"`
	Words          string        `json:"words" doc:"its clearest words, verbatim"`
	Statement      string        `json:"statement" doc:"id of the statement they are from"`
	Started        *time.Time    `json:"started" doc:"of its first article"`
	Latest         *time.Time    `json:"latest" doc:"of its newest article"`
	StatementCount int           `json:"statement_count"`
	OriginCount    int           `json:"origin_count" doc:"independent origins"`
	SpeakerCount   int           `json:"speaker_count"`
	UpheldCount    int           `json:"upheld_count" doc:"speakers who assert or confirm it in some statement"`
	DisputedCount  int           `json:"disputed_count" doc:"speakers who deny or doubt it in some statement"`
	Measured       *apiGauge     `json:"measured,omitempty" doc:"of the service it speaks of; it shows no cause; absent where nothing was measured"`
	Positions      []apiPosition `json:"positions" doc:"in the order in which they were taken up"`
}

type apiClaims struct {
	Claims []apiClaim `json:"claims"`
	Next   string     `json:"next" format:"uri-reference" doc:"where the next ones are; empty after the last"`
}

type apiClaimWhole struct {
	Claim      apiClaim       `json:"claim"`
	Support    []apiSupport   `json:"support" doc:"of the stances that take a side: asserts, confirms, denies, doubts"`
	Stories    []apiLink      `json:"stories"`
	Origins    []apiOrigin    `json:"origins"`
	Statements []apiStatement `json:"statements" doc:"oldest first; those in copies have copy_of in their article"`
	Held       int            `json:"held_count" doc:"statements that the licence of their source keeps back"`
	Decisions  []apiDecision  `json:"decisions"`
}

// apiPosition is one speaker's attitude to a claim over a time.
type apiPosition struct {
	Speaker     apiSpeaker `json:"speaker"`
	Stance      string     `json:"stance"`
	Since       *time.Time `json:"since" doc:"publication of the first statement that shows it"`
	Until       *time.Time `json:"until" doc:"when the speaker took another side or stance, which a demand or question is not; null: it stands"`
	Reversal    bool       `json:"reversal" doc:"the speaker stood on the other side before"`
	OriginCount int        `json:"origin_count" doc:"independent origins that carry it"`
	CopyCount   int        `json:"copy_count" doc:"articles that copy one of these"`
	Statements  []string   `json:"statements" doc:"ids of those that show it, one an origin and wording"`
}

type apiSupport struct {
	Stance   string `json:"stance"`
	Speakers int    `json:"speaker_count" doc:"who take it now"`
	Former   int    `json:"former_count" doc:"who have left it"`
	Origins  int    `json:"origin_count" doc:"independent origins that carry it"`
}

type apiLink struct {
	ID   string `json:"id"`
	Page string `json:"page" format:"uri-reference"`
}

// apiDecision is what a person has decided; no later evidence undoes it.
type apiDecision struct {
	Verb  string     `json:"verb" doc:"merge, split, move or attitude"`
	ID    string     `json:"id" doc:"of the story or claim"`
	Other string     `json:"other" doc:"id of the one the parts are in from then on, or the attitude"`
	Parts []string   `json:"parts" doc:"ids of the articles or statements"`
	By    string     `json:"by"`
	At    *time.Time `json:"at"`
}

type apiSpeakerHead struct {
	Speaker        apiSpeaker `json:"speaker"`
	Outlet         string     `json:"outlet" doc:"the only one that a name which says little by itself is known from"`
	StatementCount int        `json:"statement_count" doc:"in articles that are copies of none"`
	OriginCount    int        `json:"origin_count" doc:"those articles"`
	CopyCount      int        `json:"copy_count" doc:"articles that copy one of these"`
}

type apiSpeakers struct {
	Speakers []apiSpeakerHead `json:"speakers"`
	More     bool             `json:"more" doc:"there are others: ask for a name"`
}

type apiSpeakerWhole struct {
	Speaker   apiSpeakerHead   `json:"speaker"`
	Held      int              `json:"held_count" doc:"statements that the licence of their source keeps back"`
	Opinions  int              `json:"opinion_count" doc:"beliefs, wishes and plans that articles attribute to the speaker without saying that they were told"`
	Stances   []apiTally       `json:"stances"`
	Channels  []apiTally       `json:"channels"`
	Names     []apiName        `json:"names" doc:"as outlets write them"`
	Roles     []apiRole        `json:"roles" doc:"latest first"`
	Doubts    []apiDoubt       `json:"may_be_same" doc:"it cannot be told, so they are kept apart"`
	Contested []apiContested   `json:"contested" doc:"claims somebody else stands against"`
	Reversals []apiSpeakerTurn `json:"reversals" doc:"changes of side on a claim"`
}

type apiTally struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

type apiName struct {
	Name   string `json:"name"`
	Outlet string `json:"outlet"`
	Count  int    `json:"count"`
}

type apiRole struct {
	Role   string     `json:"role"`
	First  *time.Time `json:"first"`
	Latest *time.Time `json:"latest"`
	Count  int        `json:"count"`
}

type apiDoubt struct {
	Speaker apiSpeakerHead `json:"speaker"`
	Why     string         `json:"why"`
}

// apiClaimLink is a claim as other things point to it.
type apiClaimLink struct {
	ID    string `json:"id"`
	Page  string `json:"page" format:"uri-reference"`
	Words string `json:"words" doc:"its clearest words, verbatim"`
}

type apiContested struct {
	Claim  apiClaimLink  `json:"claim"`
	Own    apiPosition   `json:"own" doc:"the speaker's latest position"`
	Others []apiPosition `json:"others" doc:"on the other side now"`
	More   int           `json:"more_count" doc:"of the others that are left out"`
}

type apiSpeakerTurn struct {
	Claim  apiClaimLink `json:"claim"`
	Before apiStatement `json:"before" doc:"the last statement on the one side"`
	After  apiStatement `json:"after" doc:"the first on the other"`
}

type apiArticleWhole struct {
	Article       apiArticle     `json:"article"`
	Bylines       []string       `json:"bylines"`
	Language      string         `json:"language" doc:"BCP 47"`
	PublishedFrom string         `json:"published_from" doc:"where on the page the date was found"`
	Ahead         bool           `json:"published_ahead" doc:"the date lay ahead of our clock when first seen"`
	Modified      *time.Time     `json:"modified" doc:"as the article states it"`
	LastSeen      *time.Time     `json:"last_seen" doc:"when we saw the present revision"`
	Revision      int            `json:"revision"`
	Capture       string         `json:"capture_sha256" doc:"of the stored bytes it was read from"`
	Readability   string         `json:"readability" doc:"ok, paywall or empty"`
	Credits       apiCredit      `json:"credits" doc:"the source it names for its text"`
	Agency        string         `json:"agency" doc:"that the text is from, where the agency's own article was not collected"`
	Share         float64        `json:"copy_share" doc:"of its text that stands in the origin, 0 to 1"`
	Change        string         `json:"copy_change" doc:"what was cut or changed against the origin, in words"`
	From          string         `json:"taken_from" doc:"id of the article it seems taken from, the origin or a copy of that; empty where it cannot be told"`
	Origin        *apiArticle    `json:"origin,omitempty" doc:"that it copies"`
	Copies        []apiCopy      `json:"copies"`
	Licence       string         `json:"licence" doc:"link, excerpt or full: how much of the text you may see here"`
	Text          *string        `json:"text" doc:"null unless all of it may be shown"`
	Statements    []apiStatement `json:"statements" doc:"in the order of the text"`
	Held          int            `json:"held_count" doc:"statements that the licence keeps back"`
	Movements     []apiMovement  `json:"movements" doc:"candidates: what the text says has moved or was struck, found by rules; none whose sentence the licence keeps back"`
	Revisions     []apiRevision  `json:"revisions" doc:"the newest 50, oldest first"`
}

type apiMovement struct {
	Kind      string   `json:"kind" doc:"moved, arrived, left, struck, closed, opened, captured or fired"`
	What      string   `json:"what" doc:"who or what moved or was struck; verbatim"`
	By        string   `json:"by" doc:"who or what did it; verbatim, or empty"`
	From      []string `json:"from" doc:"places, as the text names them"`
	To        []string `json:"to"`
	At        []string `json:"at"`
	When      string   `json:"when" doc:"day, month or year that the sentence names, or empty"`
	Sentence  string   `json:"sentence" doc:"verbatim"`
	Span      [2]int   `json:"span" doc:"of the sentence in the text, in Unicode code points, the end excluded"`
	Statement string   `json:"statement" doc:"id of the statement that says it; empty: the article itself"`
}

type apiCredit struct {
	Name string `json:"name"`
	URL  string `json:"url" format:"uri-reference"`
}

type apiRevision struct {
	N        int        `json:"n" doc:"1 is the first version"`
	Title    string     `json:"title"`
	Modified *time.Time `json:"modified" doc:"as the article states it"`
	Seen     *time.Time `json:"seen" doc:"by us"`
	Capture  string     `json:"capture_sha256"`
	Added    int        `json:"words_added" doc:"against the revision before"`
	Removed  int        `json:"words_removed"`
	Changed  []string   `json:"changed" doc:"of weight: headline, number, statement"`
	Text     *string    `json:"text" doc:"null unless all of it may be shown"`
}
