package article

import "strings"

// isFurnitureLine reports whether a line is a template's, whatever the page:
// share bars, reply forms, plugin messages, labels.
func isFurnitureLine(s string) bool {
	if len(s) > 300 {
		return false
	}
	l := strings.ToLower(strings.Trim(s, " .:!?»›→>-–—…|*•[](){}+\u00a0"))
	if len(l) <= 60 && (furnitureLines[l] || l == "" || isClock(l)) {
		return true
	}
	for _, p := range furniturePrefixes {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	if strings.HasSuffix(l, "↩") || strings.HasSuffix(l, "↩\ufe0e") {
		return true // a footnote's way back
	}
	return strings.Contains(l, "app key not set") || isCredit(l) || isShareBar(s)
}

// isClock reports whether a line is a time of day and nothing else.
func isClock(l string) bool {
	if len(l) > 14 || len(l) < 4 || !strings.Contains(l, ":") {
		return false
	}
	for _, w := range strings.Fields(l) {
		switch strings.ReplaceAll(w, ".", "") {
		case "am", "pm", "gmt", "utc", "et", "est", "cet", "uhr", "h":
		default:
			if !isDigits(strings.ReplaceAll(w, ":", "")) {
				return false
			}
		}
	}
	return true
}

// isCredit reports whether a lower-case line credits a picture.
func isCredit(l string) bool {
	if len(l) > 160 {
		return false
	}
	for _, p := range creditPrefixes {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	for _, p := range [...]string{"getty images", "shutterstock", "istockphoto", "istock", "/getty", "/reuters", "/afp", "/ap photo", "file photo", "wikimedia commons", "pixabay", "unsplash", "pexels"} {
		if len(l) < 80 && strings.HasSuffix(l, p) {
			return true
		}
	}
	return false
}

var creditPrefixes = []string{"photo:", "photos:", "photo by ", "photo credit", "photograph:", "photograph by", "photos by ", "image:", "images:", "image credit", "image source", "image via", "image courtesy", "photo courtesy", "photo source", "photo via", "picture:", "pictures:", "credit:", "credits:", "courtesy of ", "©", "(c) ", "featured image", "source: getty", "foto:", "bild:", "screenshot:", "file photo", "video:", "watch:", "cover image", "header image"}

var furnitureLines = labels(`advertisement|advertisements|advert|adverts|advertising|ad|sponsored|sponsored content|promoted|story continues below advertisement|article continues below advertisement|advertisement - continue reading below|continue reading below|
continue reading the main story|story continues|article continues below|article continues after ad|article continues after advertisement|scroll to continue|scroll to continue with content|advertisement - scroll to continue|skip advertisement|skip ad|
source link|source|read more|read more here|learn more|find out more|click here|click here for more|see more|show more|load more|view more|more|full story|continue reading|keep reading|read full article|read the full article|read full story|read original article|
share|shares|share this|share this article|share this post|share this story|share this page|share on facebook|share on twitter|share on x|share on linkedin|share on whatsapp|share via email|share on pinterest|tweet|tweet this|pin|pin it|pin this|save|like|like us on facebook|follow us|follow us on twitter|follow us on facebook|follow|email|e-mail|print|print this|facebook|twitter|linkedin|whatsapp|pinterest|telegram|instagram|reddit|copy link|copy|copied|link copied|link copied!|email this article|print article|bookmark|send|flipboard|
related|related articles|comments|comment|leave a reply|leave a comment|no comments|no comments yet|be the first to comment|view comments|show comments|reply|cancel reply|post comment|log in|login|sign in|sign up|register|subscribe|subscribe now|
loading|loading...|loading paragraph|loading image|please wait|close|open|menu|search|back|back to top|top|next|previous|prev|home|skip to content|skip to main content|toggle navigation|expand|collapse|show|hide|view gallery|view all|see all|view all posts|
this field is for validation purposes and should be left unchanged|this field is hidden when viewing the form|thank you! your submission has been received|oops! something went wrong while submitting the form|this field is required|required fields are marked|
your browser does not support the video tag|your browser does not support the audio element|javascript is disabled|please enable javascript|image|photo|photos|video|caption|gallery|play|pause|mute|play video|watch now|listen|listen to this article|table of contents|contents|in this article|on this page|
buy now|shop now|add to cart|check price|check price here|buy on amazon|view on amazon|see price|get started|download|download now|get in touch|contact us|book a demo|request a demo|start free trial|get a quote|
like this story? share it with a friend|anzeige|werbung|publicidad|publicité|pubblicità|publicidade|advertentie|reklama|реклама`)

var furniturePrefixes = []string{
	"reporting by ", "additional reporting by ", "writing by ", "updated at ", "updated on ", "updated:", "summarize this article", "the views expressed", "the opinions expressed", "views expressed in this", "opinions expressed in this", "if you liked this", "if you enjoyed this", "contributing writer", "some images courtesy", "lesen sie auch", "lesen sie hier", "lesen sie mehr", "mehr zum thema", "auch interessant", "lire aussi", "à lire aussi", "leggi anche", "leer también", "lea también", "le puede interesar", "te puede interesar", "leia também", "leia mais", "veja também", "czytaj też", "czytaj także", "zobacz też", "zobacz także", "читайте также", "lees ook", "we earn a commission", "this post may contain affiliate", "this article may contain affiliate", "purchases made through links",
	"your email address will not be published", "leave a reply", "sign up for our ", "sign up for the ", "subscribe to our ", "subscribe to the ", "subscribe to wired", "read more:", "read more at ", "read also:", "also read:", "related:", "related article:", "related story:", "related stories:", "see also:", "more:", "don't miss:", "don’t miss:", "read next:", "must read:", "recommended:", "you may also like:", "fill out the form", "enter your email", "enter your comment",
	"by signing up", "by subscribing", "by clicking ", "by submitting", "save my name, email", "notify me of ", "required fields are marked", "this site uses akismet", "click to share", "share this:", "share on ", "follow us on ", "like us on ", "follow @", "join the conversation", "like this:", "filed under", "posted in ", "tags:", "tagged:", "tagged with", "categories:", "category:", "topics:", "last updated", "last modified", "published on", "posted on ", "copyright ©", "© 20", "all rights reserved", "photo:", "this post contains affiliate", "this article contains affiliate", "subscribe for ", "have an account?", "already a subscriber", "already have an account", "forgot your password", "javascript must be enabled", "please enable javascript", "we use cookies", "this website uses cookies", "this site uses cookies", "click here to subscribe", "click here to sign up", "download our app", "download the app", "get the app", "story continues below", "article continues below",
}
