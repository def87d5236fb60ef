package tag

// nameFeatures is the number of features of a token for its label.
const nameFeatures = 42

// lookKinds are the lists the name finder looks at.
const lookKinds = given | surname | country | locality | people | title | agency | group | feature | month | weekday

// style is how a word is written and where.
func (w *word) style() uint32 {
	return uint32(w.flags & (capital | shouted | clitic | numeral | mark | initial | letter | headline))
}

// listed is a number for what the lists say about a word.
func (w *word) listed() uint32 {
	return uint32(w.kinds&lookKinds)<<2 | uint32(w.place)
}

// nameContext fills in the features of ws[i] for its label.
func (d *decoder) nameContext(ws []word, i int, doc *seen) {
	w, l1, r1 := &ws[i], at(ws, i-1), at(ws, i+1)
	l2, r2 := at(ws, i-2), at(ws, i+2)
	r := d.runs[i]
	left, right := at(ws, int(r.start)-1), at(ws, int(r.end))
	head, opening := at(ws, int(r.end)-1), at(ws, int(r.start))
	style, hint := w.style(), uint32(hintsOf(doc, w))
	k0, kl, kr := w.listed(), l1.listed(), r1.listed()
	p0, pl, pr := uint32(w.pos), uint32(l1.pos), uint32(r1.pos)
	in := mix(uint32(min(i-int(r.start), 3)), uint32(min(int(r.end)-i, 4)))
	d.f = [nameFeatures]uint32{
		mix(0, w.hash),
		mix(1, l1.hash),
		mix(2, r1.hash),
		mix(3, l2.hash),
		mix(4, r2.hash),
		mix(5, mix(l1.hash, w.hash)),
		mix(6, mix(w.hash, r1.hash)),
		mix(7, w.suf3),
		mix(8, w.suf2),
		mix(9, w.pre3),
		mix(10, mix(w.shape, style)),
		mix(11, mix(mix(l1.shape, w.shape), r1.shape)),
		mix(12, mix(p0, style)),
		mix(13, mix(pl, p0)),
		mix(14, mix(p0, pr)),
		mix(15, k0),
		mix(16, mix(kl, k0)),
		mix(17, mix(k0, kr)),
		mix(18, mix(kl, style)),
		mix(19, mix(kr, style)),
		mix(20, mix(hint, style)),
		mix(21, mix(hint, k0)),
		mix(22, mix(left.hash, style)),
		mix(23, mix(right.hash, style)),
		mix(24, mix(head.hash, in)),
		mix(25, mix(head.listed(), in)),
		mix(26, mix(opening.listed(), in)),
		mix(27, mix(opening.hash, in)),
		mix(28, mix(in, style)),
		mix(29, mix(mix(left.hash, right.hash), in)),
		mix(30, mix(head.suf3, in)),
		mix(31, mix(w.hash, hint)),
		mix(32, mix(style, mix(l1.style(), r1.style()))),
		mix(33, mix(uint32(left.pos), in)),
		mix(34, mix(uint32(right.pos), in)),
		mix(35, mix(uint32(left.kinds&(title|locative|saying)), in)),
		mix(36, mix(uint32(right.kinds&(title|locative|saying|group)), in)),
		mix(37, mix(k0, mix(kl, kr))),
		mix(38, mix(hint&uint32(afterTitle|afterGiven), in)),
		mix(39, mix(hint&uint32(afterIn|beforePlace), in)),
		mix(40, mix(l2.hash, l1.hash)),
		mix(41, mix(uint32(hintsOfHead(doc, head)), in)),
	}
	if d.dim {
		d.hide(w, 0, 5, 6, 31)
		d.hide(l1, 1, 5, 40)
		d.hide(r1, 2, 6)
		d.hide(head, 24)
		d.hide(opening, 27)
	}
}

// hide takes away the features that tell a capitalised word by its letters.
func (d *decoder) hide(w *word, features ...int) {
	if w.is(capital) {
		for _, k := range features {
			d.f[k] = 0
		}
	}
}

// hintsOfHead is what the document says about a stretch's last word.
func hintsOfHead(doc *seen, head *word) hints {
	if head == &around {
		return 0
	}
	return hintsOf(doc, head)
}
