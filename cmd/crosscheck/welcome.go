package main

const description = `A situation monitor: who says what, who denies it, how many independent sources carry it.

Exit status: 0 done, 1 some of it could not be done, 2 wrong command line or configuration.`

const welcome = `crosscheck is a situation monitor. It collects what is being said about a
developing situation, reads it, and shows who says what, with the evidence.

See it work, offline, in about a minute:
  crosscheck demo

Follow your own sources:
  crosscheck source add https://www.example.org/feed.xml
  crosscheck source test https://www.example.org/feed.xml
  crosscheck serve                then open http://127.0.0.1:8080

Read one page now:
  crosscheck read https://www.example.org/article.html

All commands: crosscheck --help
`
