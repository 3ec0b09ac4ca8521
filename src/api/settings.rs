//! The settings that every kind of launch has.

/// Writes them for a builder with a field `config`.
macro_rules! settings {
    () => {
        settings!(placing);

        /// The places to run over, where no argument says so or another shape is wanted.
        pub fn over(mut self, domain: impl Into<crate::shape::Domain>) -> Self {
            self.config.over = Some(domain.into());
            self
        }

        /// What pictures are taken to hold outside of themselves; without it the nearest cell.
        pub fn border(mut self, border: crate::shape::Border) -> Self {
            self.config.border = border;
            self
        }
    };
    // Those of whatever runs somewhere, however it came by its shape.
    (placing) => {
        /// Where to run; without it, where it is fastest.
        pub fn on(mut self, target: crate::shape::Target) -> Self {
            self.config.request.target = target;
            self
        }

        /// How pieces are given to processors.
        pub fn mapping(mut self, mapping: crate::shape::Mapping) -> Self {
            self.config.request.mapping = mapping;
            self
        }

        /// How long the launch may take: the last word, or on a GPU the first use of the results, then gives `Deadline`.
        ///
        /// CPU targets look at the time in loops without a counted bound and between pieces, and without a deadline never
        /// end a launch; on a GPU it is that of each dispatch, 10 s without one, and a device that misses it is given up.
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.config.deadline = Some(deadline);
            self
        }

        /// How many turns the loops of one place may make on a GPU where they have no counted bound; more is `LoopLimit`.
        pub fn loop_budget(mut self, turns: u32) -> Self {
            self.config.loop_budget = Some(turns);
            self
        }
    };
}
pub(super) use settings;
