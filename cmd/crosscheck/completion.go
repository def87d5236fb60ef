package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is printed below the flags.
func (completionCmd) Help() string {
	return `Examples:
  source <(crosscheck completion bash)
  crosscheck completion fish > ~/.config/fish/completions/crosscheck.fish`
}

// Run prints the script.
func (c completionCmd) Run(e *env) error {
	words := map[string][]string{}
	collectWords(e.model.Node, "", words)
	if c.Shell == "fish" {
		return fishCompletion(e.stdout, words)
	}
	return bashCompletion(e.stdout, words, c.Shell == "zsh")
}

// collectWords lists, by command path, the words that may follow it.
func collectWords(n *kong.Node, path string, words map[string][]string) {
	for _, f := range n.Flags {
		words[path] = append(words[path], "--"+f.Name)
	}
	for _, c := range n.Children {
		words[path] = append(words[path], c.Name)
		collectWords(c, strings.TrimSpace(path+" "+c.Name), words)
	}
}

func bashCompletion(w io.Writer, words map[string][]string, zsh bool) error {
	var b strings.Builder
	if zsh {
		b.WriteString("autoload -U +X bashcompinit && bashcompinit\n")
	}
	b.WriteString("_crosscheck() {\n  local cur=${COMP_WORDS[COMP_CWORD]} path=\"\" w\n")
	b.WriteString("  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case $w in -*) ;; *) path=\"$path $w\" ;; esac\n  done\n  case ${path# } in\n")
	for _, p := range sortedKeys(words) {
		fmt.Fprintf(&b, "    %q) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", p, strings.Join(words[p], " "))
	}
	b.WriteString("  esac\n  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$cur\"))\n}\ncomplete -F _crosscheck crosscheck\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func fishCompletion(w io.Writer, words map[string][]string) error {
	var b strings.Builder
	for _, p := range sortedKeys(words) {
		condition := "__fish_use_subcommand"
		if p != "" {
			fields := strings.Fields(p)
			condition = "__fish_seen_subcommand_from " + fields[len(fields)-1]
		}
		for _, word := range words[p] {
			if name, flag := strings.CutPrefix(word, "--"); flag {
				fmt.Fprintf(&b, "complete -c crosscheck -n '%s' -l %s\n", condition, name)
			} else {
				fmt.Fprintf(&b, "complete -c crosscheck -n '%s' -a %s\n", condition, word)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
