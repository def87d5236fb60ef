package article

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// cutSections drops the sections whose heading says that they are no part of
// the article: related links, author boxes, reply forms, newsletters.
func (r *bodyReader) cutSections(root int32, kept []int) []int {
	total := 0
	for _, i := range kept {
		total += r.blocks[i].weight
	}
	out := kept[:0:0]
	for k := 0; k < len(kept); k++ {
		b := &r.blocks[kept[k]]
		if len(b.text) > 80 || !isSectionLabel(b.text) {
			out = append(out, kept[k])
			continue
		}
		end := r.sectionEnd(root, kept, k)
		weight := 0
		for _, i := range kept[k:end] {
			weight += r.blocks[i].weight
		}
		if weight*5 > total*2 {
			out = append(out, kept[k])
			continue
		}
		k = end - 1
	}
	return out
}

// sectionEnd returns the end, in kept, of the section that the block kept[k]
// heads: the largest element it is the first block of, or where that is the
// block alone, the run up to the next heading of its rank.
func (r *bodyReader) sectionEnd(root int32, kept []int, k int) int {
	nodes := r.t.nodes
	b := &r.blocks[kept[k]]
	scope := b.el
	for p := nodes[scope].parent; p > root; p = nodes[p].parent {
		if k > 0 && r.t.contains(p, r.blocks[kept[k-1]].first) {
			break
		}
		scope = p
	}
	end := k + 1
	for end < len(kept) && r.t.contains(scope, r.blocks[kept[end]].first) {
		end++
	}
	if end > k+1 {
		return end
	}
	if !isHeading(b.tag) {
		for end < len(kept) && r.blocks[kept[end]].linkShare() > .4 {
			end++
		}
		return end
	}
	for end < len(kept) {
		next := &r.blocks[kept[end]]
		if isHeading(next.tag) && headingRank(next.tag) <= headingRank(b.tag) && !isSectionLabel(next.text) {
			break
		}
		end++
	}
	return end
}

func headingRank(a atom.Atom) int {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	}
	return 6
}

// isSectionLabel reports whether a heading opens a part of the template.
func isSectionLabel(s string) bool {
	l := strings.ToLower(strings.Trim(s, " .:!?»›→>-–—…|*#\u00a0"))
	if sectionLabels[l] {
		return true
	}
	for _, p := range sectionPrefixes {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	if strings.HasSuffix(l, " comments") || strings.HasSuffix(l, " comment") {
		return l[0] >= '0' && l[0] <= '9'
	}
	return false
}

var sectionLabels = labels(`related|related articles|related article|related posts|related post|related stories|related story|related news|related content|related topics|
related reading|related links|related resources|related blogs|related blog posts|related products|related coverage|related items|related reads|related searches|related video|related videos|
read next|read this next|read more|read also|also read|more news|more stories|more articles|more posts|more resources|more to read|more reading|
recommended|recommended for you|recommended articles|recommended reading|recommended stories|recommended posts|recommended reads|our recommendations|
what to read next|what to watch next|latest news|latest posts|latest articles|latest stories|latest blog posts|latest|the latest|recent posts|recent articles|recent news|recent stories|recent blog posts|
popular posts|popular articles|popular stories|popular|most popular|most read|most viewed|most commented|trending|trending now|trending stories|trending articles|trending topics|up next|don't miss|don’t miss|must read|must reads|
about the author|about the authors|about author|author bio|about the writer|about the editor|about our expert|meet the author|about the expert|the author|author|authors|author details|our authors|written by|reviewed by|fact checked by|contributors|
leave a reply|leave a comment|leave a response|leave your comment|post a comment|write a comment|add a comment|comments|comment|join the conversation|join the discussion|discussion|have your say|tell us what you think|what do you think|your comment|reader comments|view comments|show comments|cancel reply|reply|
share|share this|share this article|share this post|share this story|share this page|share on|share via|share the post|share article|spread the word|share the love|share this with|sharing is caring|share it|like this|like this story|
follow us|follow us on|stay connected|connect with us|stay in touch|keep in touch|follow|stay updated|stay up to date|stay in the loop|stay informed|get social|
newsletter|newsletters|our newsletter|sign up|sign up now|subscribe|subscribe now|subscribe today|subscribe here|subscribe to our newsletter|join our newsletter|get our newsletter|join our mailing list|email updates|
sponsored|sponsored content|sponsored stories|promoted|promoted content|promoted stories|from our partners|partner content|paid content|around the web|from the web|from around the web|you may have missed|in case you missed it|
tags|categories|topics|filed under|tagged|tagged with|more tags|keywords|explore more|explore|explore topics|keep reading|continue reading|keep exploring|next article|previous article|next post|previous post|post navigation|next story|next up|
top stories|top news|editor's picks|editor’s picks|editors' picks|editors picks|editors’ picks|featured|featured articles|featured posts|featured stories|similar articles|similar posts|similar stories|other articles|other posts|other news|other stories|suggested articles|suggested reading|suggested posts|
you may also like|you might also like|you may also enjoy|you might also enjoy|you may like|you might like|you may also be interested in|you might also be interested in|you may be interested in|you might be interested in|you'll also like|you’ll also like|more like this|people also read|readers also liked|others also read|
was this article helpful|was this helpful|was this page helpful|did you find this helpful|did you find this article helpful|rate this article|rate this post|how useful was this post|how helpful was this post|
privacy overview|advertisement|search|menu|navigation|quick links|site map|contact us|get in touch|on this page|in this article|in this post|table of contents|jump to|jump to section|contents|what's inside|what’s inside|
image credits|image credit|photo credits|photo credit|picture credits|cite this article|cite this page|how to cite this article|download pdf|print this article|report a correction|view all posts|our other sites|our partners|
references|reference|citations|works cited|footnotes|endnotes|article sources|bibliography|further reading and resources|
mehr zu diesem thema|mehr zum thema|zum weiterlesen|zum thema|artikel teilen|jetzt teilen|teilen|weitere informationen|weiterführende links|weitere themen|weitere beiträge|ähnliche beiträge|verwandte artikel|verwandte themen|schlagwörter|schlagworte|kategorien|das könnte sie interessieren|das könnte dich auch interessieren|das könnte dir auch gefallen|mehr lesen|lesen sie hier|schon gelesen|empfohlen|empfehlungen|über den autor|über die autorin|zur person|autor|autorin|kommentar schreiben|schreibe einen kommentar|kommentar verfassen|newsletter abonnieren|
czytaj też|zobacz także|zobacz też|powiązane artykuły|tagi|udostępnij|más noticias|más información|compartir|etiquetas|temas relacionados|lo más leído|lo más visto|sobre el autor|ver también|también te puede interesar|partager|sur le même thème|à propos de l'auteur|mots-clés|articles liés|plus d'articles|condividi|potrebbe interessarti|potrebbero interessarti|sullo stesso argomento|compartilhe|compartilhar|mais lidas|relacionadas|delen|lees verder|meer over dit onderwerp|поделиться|по теме|теги|читать также|материалы по теме|
ähnliche artikel|mehr zum thema|das könnte sie auch interessieren|lesen sie auch|kommentare|weitere artikel|auch interessant|artículos relacionados|noticias relacionadas|te puede interesar|lea también|comentarios|deja un comentario|articles similaires|sur le même sujet|à lire aussi|lire aussi|commentaires|laisser un commentaire|articoli correlati|leggi anche|commenti|leia também|leia mais|notícias relacionadas|comentários|deixe um comentário|veja também|lees ook|gerelateerde artikelen|reacties|читайте также|комментарии|похожие статьи|czytaj także|komentarze`)

var sectionPrefixes = []string{
	"more from ", "more on ", "more in ", "more great ", "more stories", "more coverage", "related coverage", "if you liked this", "if you enjoyed this", "lesen sie auch", "mehr zu ", "mehr aus ", "mehr von ", "lire aussi", "leggi anche", "czytaj ", "читайте ", "more about the author", "related to ", "related from ", "related:", "sign up for ", "sign up to ", "subscribe to ", "get the latest", "get our ", "join our newsletter",
	"leave a reply", "leave a comment", "about the author", "you may also ", "you might also ", "follow us on", "follow us ", "share this ", "read more from ", "read more about ", "latest from ", "most popular ", "related articles", "related posts", "recommended for ", "recommended from", "popular in ", "trending in ", "top stories", "recent posts", "responses to ", "tell us what you think",
}

// labels makes a set of a list separated by bars.
func labels(list string) map[string]bool {
	set := map[string]bool{}
	for _, s := range strings.Split(strings.ReplaceAll(list, "\n", ""), "|") {
		set[s] = true
	}
	return set
}
