"""Prints the figures of an exported model: python3 measure.py --data DATA MODEL"""
import argparse
from common import Data
from export import restore
from link import measure

ap = argparse.ArgumentParser()
ap.add_argument("--data", required=True)
ap.add_argument("model")
a = ap.parse_args()
D = Data(a.data)
measure(D, *restore(a.model, D), margin=(0, 0))
