package probe

import "net/netip"

// Permitted says why a target may not be probed where allow is what may be
// besides the public internet: it is an address, or a network, that is not
// public. What a name stands for is seen only when it is probed.
func Permitted(t Target, allow []netip.Prefix) error {
	if err := t.Validate(); err != nil {
		return err
	}
	p := Prober{guard: newGuard(allow)}
	return p.refusal(&t)
}
