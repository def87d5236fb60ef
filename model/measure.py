"""Prints the figures of an exported model: python3 measure.py --data DATA MODEL"""
import argparse
from common import Data
from link import Linker, measure
from net import Student
from weights import states

ap = argparse.ArgumentParser()
ap.add_argument("--data", required=True)
ap.add_argument("model")
a = ap.parse_args()
D = Data(a.data)
arch, tagger, linker = states(a.model)
m = Student(D.glove, arch)
m.load_state_dict(tagger, strict=False)
lk = Linker(m.heads.out.in_features)
lk.load_state_dict(linker)
measure(D, m.eval(), lk.eval(), margin=(0, 0))
