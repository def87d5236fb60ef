package alert

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr"

	"crosscheck/internal/model"
)

// Chat sends messages to chat services, each named in the configuration with
// the address shoutrrr knows it by, which holds its secrets.
type Chat struct{ addresses map[string]string }

// NewChat returns a Chat, or an ErrInvalid that names the address that cannot
// be used, without repeating it.
func NewChat(addresses map[string]string) (*Chat, error) {
	var faults []error
	for name, address := range addresses {
		if _, err := shoutrrr.CreateSender(address); err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.chats %s: %s", name, hide(err.Error(), secretsOf(address)...)))
		}
	}
	return &Chat{addresses}, errors.Join(faults...)
}

// maxChat bounds a text for a chat, bytes; Discord takes 2,000 characters.
const maxChat = 1500

// Send sends to a chat: recipient. Chat services know no key against doubles.
func (c *Chat) Send(ctx context.Context, to string, m Message) error {
	name := strings.TrimPrefix(to, "chat:")
	address, known := c.addresses[name]
	if !known {
		return model.Errorf(model.ErrUnsupported, "%s is not in alerts.chats", to)
	}
	router, err := shoutrrr.CreateSender(address)
	if err != nil {
		return model.Errorf(model.ErrInvalid, "%s: %s", to, hide(err.Error(), secretsOf(address)...))
	}
	if deadline, ok := ctx.Deadline(); ok {
		router.Timeout = time.Until(deadline)
	}
	if err := errors.Join(router.Send(m.Text(maxChat), nil)...); err != nil {
		return model.Errorf(model.ErrTemporary, "%s: %s", to, hide(err.Error(), secretsOf(address)...))
	}
	return nil
}

// secretsOf are the parts of an address that may be secret: everything but the
// service and very short ones; the longest first.
func secretsOf(address string) []string {
	out := []string{address}
	if u, err := url.Parse(address); err == nil {
		pass, _ := u.User.Password()
		out = append(out, u.User.Username(), pass, u.RawQuery, u.Host)
		out = append(out, strings.Split(u.Path, "/")...)
		for _, values := range u.Query() {
			out = append(out, values...)
		}
	}
	out = slices.DeleteFunc(out, func(s string) bool { return len(s) < 4 })
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}
