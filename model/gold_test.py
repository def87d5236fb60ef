"""python3 -m unittest gold_test"""
import unittest
import gold

TEXT = """“We left on Monday,” said Marta Lindqvist, an analyst at the Harbour Institute. “Nobody stayed. Nobody could.”
The governor, a former banker, has also said that the strikes were “a mistake” and added that nobody knew.
‘Nobody fired,’ Petrov was quoted as saying, ‘not a shot.’
Its head, Iryna Bondar, told him that he could stay.
Ivanov said Kyiv had denied that troops were there.
“It goes on.
"""


def record(speaker, cue, mention, *content, after=""):
    def at(s):
        a = TEXT.index(s, TEXT.index(after))
        return [a, a + len(s)]
    return dict(speaker=speaker, cue=cue and at(cue), mention=mention and at(mention), content=[at(c) for c in content])


class Convert(unittest.TestCase):
    def converted(self, *records):
        spans, relations = gold.convert(TEXT, records)
        cut = lambda x: [TEXT[a:b] for a, b in x]
        return [(TEXT[a:b], t) for a, b, t in spans], [tuple(map(cut, r)) for r in relations]

    def test_quotation_that_goes_on(self):
        _, got = self.converted(record("L", "said", "Marta Lindqvist", "We left on Monday"), record("L", None, None, "Nobody stayed. Nobody could"))
        self.assertEqual(got, [(["said"], ["Marta Lindqvist, an analyst at the Harbour Institute"], ["“We left on Monday,”", "“Nobody stayed. Nobody could.”"])])

    def test_shared_source_and_auxiliaries(self):
        at = "The governor"
        _, got = self.converted(record("G", "said", at, "the strikes were “a mistake", after=at), record("G", "added", at, "nobody knew", after=at))
        self.assertEqual(got, [(["has also said"], ["The governor, a former banker,"], ["that the strikes were “a mistake”"]),
                               (["added"], ["The governor, a former banker,"], ["that nobody knew"])])

    def test_role_before_name(self):
        _, got = self.converted(record("B", "told", "Iryna Bondar", "he could stay"))
        self.assertEqual(got, [(["told"], ["Its head, Iryna Bondar,"], ["that he could stay"])])

    def test_interrupted(self):
        _, got = self.converted(record("P", "quoted as saying", "Petrov", "Nobody fired", "not a shot"))
        self.assertEqual(got, [(["was quoted as saying"], ["Petrov"], ["‘Nobody fired,’", "‘not a shot.’"])])

    def test_nested(self):
        at = "Ivanov"
        _, got = self.converted(record("I", "said", at, "Kyiv had denied that troops were there", after=at), record("K", "denied", "Kyiv", "troops were there", after=at))
        self.assertEqual(got, [(["said"], ["Ivanov"], ["Kyiv had denied that troops were there"])])

    def test_without_cue(self):
        spans, got = self.converted(record("L", None, None, "It goes on"))
        self.assertEqual((spans, got), ([("“It goes on.", 3)], []))


if __name__ == "__main__":
    unittest.main()
