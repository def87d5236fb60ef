// Package pair reads statements and compares them two by two: how near their
// wording is, and what speaks for and against their being about one
// proposition.
package pair
