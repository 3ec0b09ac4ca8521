//! With the feature `tracing` a launch is a span and its chunks are events in it, for whoever subscribes.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use manylane::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[kernel]
fn triple(x: f32) -> f32 {
    3.0 * x
}

/// Notes everything as text.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}

impl Notes {
    fn note(&self, begin: &str, fields: impl FnOnce(&mut Line)) {
        let mut line = Line(begin.to_owned());
        fields(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "manylane"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(&format!("span {}", span.metadata().name()), |line| span.record(line));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.note("record", |line| values.record(line));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        assert_eq!(event.parent(), Some(&Id::from_u64(1)));
        self.note("event", |line| event.record(line));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_launch_is_a_span_and_a_chunk_an_event() {
    let rt = Runtime::new().unwrap();
    let x = vec![1.0f32; 100_000];
    rt.map::<triple>(&x).on(Target::Threads).run().unwrap();
    let notes = Notes::default();
    tracing::subscriber::with_default(notes.clone(), || {
        rt.map::<triple>(&x).on(Target::Threads).run().unwrap();
    });
    rt.map::<triple>(&x).on(Target::Threads).run().unwrap();
    let notes = notes.0.lock().unwrap();
    let one = |begin: &str, parts: &[&str]| {
        let found = notes
            .iter()
            .filter(|note| note.starts_with(begin) && parts.iter().all(|part| note.contains(part)));
        assert_eq!(found.count(), 1, "{begin} {parts:?} in {notes:?}");
    };
    one("span launch", &["kernel=\"triple\"", "asked=threads", "places=100000"]);
    one("event", &["device=\"cpu\"", "start=0", "end=100000", "seconds="]);
    one("record", &[" seconds="]);
    one("record", &[" target=threads"]);
    assert_eq!(notes.iter().filter(|note| note.starts_with("span")).count(), 1, "{notes:?}");
}
