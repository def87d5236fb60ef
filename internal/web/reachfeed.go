package web

import (
	"fmt"
	"net/http"
	"time"

	"crosscheck/internal/model"
)

// outagesFeed lists the newest outages of all services.
func (s *Server) outagesFeed(r *http.Request) (feed, error) {
	f := feed{
		Title: s.cfg.Title + ": outages", About: "What was lost, as several vantage points saw it: from when, from how many, and what is not known.",
		Home: s.link(r, "/services"), Self: s.link(r, r.URL.EscapedPath()),
	}
	if s.cfg.Reach == nil {
		return f, nil
	}
	return f, s.outageItems(r, &f, nil)
}

// serviceFeed lists the newest outages of one service.
func (s *Server) serviceFeed(r *http.Request) (feed, error) {
	svc, err := s.serviceFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return feed{}, err
	}
	st := standingOf(svc, s.cfg.Now())
	f := feed{
		Title: clip(120, svc.Name) + ": outages", About: fmt.Sprintf("%s is %s.", clip(120, svc.Name), st.Word),
		Home: s.link(r, serviceURL(svc.ID)), Self: s.link(r, r.URL.EscapedPath()),
	}
	return f, s.outageItems(r, &f, []string{svc.ID})
}

func (s *Server) outageItems(r *http.Request, f *feed, services []string) error {
	list, err := s.outages(r.Context(), model.OutageQuery{Services: services, Limit: feedItems})
	for i := range list {
		o := &list[i]
		name := serviceName(o)
		f.Items = append(f.Items, feedItem{
			"outage:" + o.ID, clip(120, name) + ": " + gravity(o.State), s.link(r, outageURL(o.ID)), s.reportOf(o, s.cfg.Now()), newsOf(o),
		})
	}
	return err
}

// newsOf is when something was last said of an outage that readers wait for: its
// end, its confirmation, or its onset.
func newsOf(o *model.OutageFacts) time.Time {
	for _, t := range []time.Time{o.End, o.Confirmed} {
		if !t.IsZero() {
			return t
		}
	}
	return o.Onset
}

// reportOf is the report sentence of a whole outage.
func (s *Server) reportOf(o *model.OutageFacts, now time.Time) string {
	return s.report(wholeOf(o.Peak, o, now), serviceName(o))
}

func serviceName(o *model.OutageFacts) string {
	if o.ServiceName == "" {
		return o.Service
	}
	return o.ServiceName
}
