package alert

import (
	"context"
	"net"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"

	"crosscheck/internal/model"
)

// MailConfig is the server that takes e-mail, and who sends.
type MailConfig struct {
	Server   string // "host:port"
	TLS      string // "starttls", "tls" from the start, or "none"
	User     string // "": without authentication
	Password string
	From     string // address
}

// Mail sends messages as e-mail.
type Mail struct {
	cfg    MailConfig
	host   string
	port   int
	domain string // of From, for message ids
}

// maxMail bounds the text of an e-mail, bytes.
const maxMail = 100 << 10

// NewMail returns a Mail, or an ErrInvalid about the configuration.
func NewMail(cfg MailConfig) (*Mail, error) {
	host, port, err := net.SplitHostPort(cfg.Server)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "mail server %q: want host:port", cfg.Server)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "mail server %q: want a port", cfg.Server)
	}
	_, domain, ok := strings.Cut(cfg.From, "@")
	if !ok {
		return nil, model.Errorf(model.ErrInvalid, "mail from %q: want an address", cfg.From)
	}
	m := &Mail{cfg: cfg, host: host, port: n, domain: strings.Trim(domain, "<> ")}
	_, err = m.client(nil)
	return m, err
}

// client returns a client that dials with dial, except where TLS is spoken
// from the start.
func (s *Mail) client(dial mail.DialContextFunc) (*mail.Client, error) {
	opts := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(sendTimeout), mail.WithoutNoop()}
	switch s.cfg.TLS {
	case "tls":
		opts = append(opts, mail.WithSSL())
	case "none":
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if dial != nil && s.cfg.TLS != "tls" {
		opts = append(opts, mail.WithDialContextFunc(dial))
	}
	if s.cfg.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.cfg.User), mail.WithPassword(s.cfg.Password))
	}
	c, err := mail.NewClient(s.host, opts...)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "mail server %s: %w", s.cfg.Server, err)
	}
	return c, nil
}

// Send sends the message to a mailto: recipient. The messages of one alert
// stand in one thread; every try has the same Message-ID.
func (s *Mail) Send(ctx context.Context, to string, m Message) error {
	msg := mail.NewMsg()
	address := strings.TrimPrefix(to, "mailto:")
	if err := msg.From(s.cfg.From); err != nil {
		return model.Errorf(model.ErrInvalid, "mail from %q: %w", s.cfg.From, err)
	}
	if err := msg.To(address); err != nil {
		return model.Errorf(model.ErrInvalid, "mail to %q: %w", address, err)
	}
	msg.Subject(m.Subject())
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic replies
	if m.Kind == KindAlert {
		msg.SetGenHeader(mail.HeaderReferences, "<"+m.Alerts[0].Alert+"@"+s.domain+">")
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text(maxMail))
	var conn net.Conn // the client leaves it open when it is not let in
	c, err := s.client(func(ctx context.Context, network, address string) (_ net.Conn, err error) {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		return conn, err
	})
	if err != nil {
		return err
	}
	defer func() {
		if conn != nil {
			_ = conn.Close() // closed already where all went well
		}
	}()
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return model.Errorf(model.ErrTemporary, "mail to %s: %s", address, hide(err.Error(), s.cfg.Password))
	}
	return nil
}

// hide takes secrets out of a text.
func hide(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return line(text, maxQuote)
}
