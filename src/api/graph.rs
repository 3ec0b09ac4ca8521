//! Launches that depend on one another: added first, then run together, independent ones at once.
//!
//! Adding gives promised arrays, and what a launch depends on is read off its arguments. The lanes fall into groups: the
//! CPU's, and each GPU. A group does one launch after the other; a launch that is ready goes to the group where the
//! models predict the earliest end, others' unfinished work included (list scheduling).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::launch::{Launch, caught, domain, execute};
use crate::api::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{Config, Core, Outcome};
use crate::exec::work;
use crate::kernel::{Binding, Kernel, Output, ParamKind, Params, SlotBinding};
use crate::plan::Site;
use crate::shape::{Domain, Target};

/// Launches with dependencies, collected to be run together; made by [`Runtime::graph`].
///
/// ```
/// use manylane::prelude::*;
///
/// #[kernel]
/// fn double(x: f32) -> f32 {
///     2.0 * x
/// }
///
/// #[kernel]
/// fn add(x: f32, y: f32) -> f32 {
///     x + y
/// }
///
/// let rt = Runtime::new()?;
/// let x = rt.array(vec![1.0f32; 10_000])?;
/// let graph = rt.graph();
/// let a = graph.add(rt.map::<double>((&x,)))?;
/// let b = graph.add(rt.map::<double>((&a,)))?; // behind `a`
/// let c = graph.add(rt.map::<add>((&a, 1.0)))?; // behind `a`, beside `b`
/// let d = graph.add(rt.map::<add>((&b, &c)))?; // behind both
/// let done = graph.run()?;
/// assert_eq!(done.nodes[3].after, [1, 2]);
/// assert_eq!(d.read()?[9_999], 7.0);
/// # Ok::<(), manylane::Error>(())
/// ```
///
/// The arrays that [`add`](Graph::add) gives may be passed to later launches, of this graph or not; whoever reads one
/// waits until the graph is run. If it is dropped instead, every use of them is an error of the kind `NotComputed`. What
/// its launches read of another graph must be there when it is run: else they fail with the same kind.
///
/// A graph takes launches over arrays and values. Updates in place borrow, so they cannot be added: write the result to
/// an array of its own.
#[must_use = "a graph that is not run fails the arrays that it gave"]
pub struct Graph {
    core: Arc<Core>,
    nodes: Mutex<Nodes>,
}

#[derive(Default)]
struct Nodes {
    list: Vec<Entry>,
    /// Which node gives a promised array.
    givers: HashMap<u64, usize>,
}

struct Entry {
    node: Box<dyn Node>,
    after: Vec<usize>,
}

/// How a graph went.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GraphOutcome {
    /// Its launches, in the order in which they were added.
    pub nodes: Vec<NodeOutcome>,
}

/// How one launch of a graph went.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NodeOutcome {
    /// The kernel.
    pub name: &'static str,
    /// The launches whose results it reads, by number.
    pub after: Vec<usize>,
    /// Where it was run; none where it was not begun.
    pub target: Option<Target>,
    /// When it began, from the start of the graph.
    pub start: Duration,
    /// When it ended, devices included.
    pub end: Duration,
    /// How it ended.
    pub result: Result<Outcome>,
}

/// A launch that is to be run once.
trait Node: Send {
    fn name(&self) -> &'static str;
    fn asked(&self) -> Target;
    /// The promises that its arguments wait for.
    fn waits_for(&mut self) -> Vec<u64>;
    /// The seconds that the models predict there; none where it cannot be.
    fn predict(&self, core: &Core, group: Group) -> Option<f64>;
    fn run(self: Box<Self>, core: &Core, target: Target) -> Result<Outcome>;
    fn fail(self: Box<Self>, error: &Error);
}

struct Added<K: Kernel> {
    args: <K::Params as Params>::Arg<'static>,
    config: Config,
    domain: Domain,
    promises: <K::Out as Output>::Promises,
}

/// Lanes that do one launch at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Cpu,
    Gpu(usize),
}

/// A graph that runs.
struct Run<'g> {
    core: &'g Core,
    groups: Vec<Group>,
    began: Instant,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    nodes: Vec<Running>,
    /// Nodes that wait for a group, in the order in which they became ready.
    ready: Vec<usize>,
    /// Nodes that have not ended.
    open: usize,
    /// When each group is predicted to be free again, and whether it has no thread.
    free: Vec<Instant>,
    closed: Vec<bool>,
}

struct Running {
    node: Option<Box<dyn Node>>,
    name: &'static str,
    after: Vec<usize>,
    before: Vec<usize>,
    /// Nodes that it still waits for.
    missing: usize,
    /// The predicted seconds in each group.
    seconds: Vec<Option<f64>>,
    target: Option<Target>,
    times: (Duration, Duration),
    result: Option<Result<Outcome>>,
}

impl Runtime {
    /// An empty [`Graph`].
    pub fn graph(&self) -> Graph {
        Graph { core: self.shared().clone(), nodes: Mutex::default() }
    }
}

impl Graph {
    /// Adds a launch; its results are promised at once. Without [`on`](Launch::on), the graph chooses where it runs: what
    /// it gave to a GPU that fails, or lacks what it takes, is run by the threads, and its outcome has a note.
    ///
    /// # Errors
    /// `ForeignArray` where the launch is another runtime's; `ShapeMismatch`, `NoDomain`, `LimitExceeded`, `Setting`. What
    /// happens later is an error of [`run`](Graph::run) and of whoever uses the results.
    pub fn add<K: Kernel>(&self, launch: Launch<'_, 'static, K>) -> Result<<K::Out as Output>::Arrays> {
        let Launch { runtime, args, config } = launch;
        if !Arc::ptr_eq(runtime.shared(), &self.core) {
            return Err(Error::new(
                ErrorKind::ForeignArray,
                format!(
                    "{}: the graph is another runtime's; make the graph and its launches with one",
                    K::INFO.name
                ),
            ));
        }
        let domain = caught(K::INFO.name, || domain::<K>(&args, &config))?;
        let (mut arrays, promises) = K::Out::promised(&self.core.home, domain)?;
        let mut node = Added::<K> { args, config, domain, promises };
        let mut nodes = self.lock();
        let mut after: Vec<usize> =
            node.waits_for().iter().filter_map(|id| nodes.givers.get(id).copied()).collect();
        after.sort_unstable();
        after.dedup();
        let number = nodes.list.len();
        for slot in K::Out::bindings(&mut K::Out::slots(&mut arrays)) {
            if let SlotBinding::Array(array) = slot
                && let Some(id) = array.waits_for()
            {
                nodes.givers.insert(id, number);
            }
        }
        nodes.list.push(Entry { node: Box::new(node), after });
        Ok(arrays)
    }

    /// How many launches it has.
    pub fn len(&self) -> usize {
        self.lock().list.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Runs all launches and waits for them, on whatever devices.
    ///
    /// Where this is called by a job of the pool that helps launches, no other job of that pool should wait for the graph's
    /// values: the worker may take it up while it waits for the launches, and then waits for itself.
    ///
    /// # Errors
    /// That of the first launch, as they were added, that failed; it names the launch. Those that do not depend on one
    /// that failed are run all the same, and their results are good.
    pub fn run(self) -> Result<GraphOutcome> {
        let done = self.run_reported();
        match done.nodes.iter().find_map(|node| node.result.as_ref().err()) {
            Some(error) => Err(error.clone()),
            None => Ok(done),
        }
    }

    /// As [`run`](Graph::run), and says of each launch how it went, also where some failed.
    pub fn run_reported(self) -> GraphOutcome {
        let Graph { core, nodes } = self;
        let Nodes { list, givers } = nodes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut groups = vec![Group::Cpu];
        let open = core.gpus.specs().into_iter().map(|gpu| gpu.index);
        let bound = list.iter().filter_map(|entry| match entry.node.asked() {
            Target::Gpu(index) => Some(index),
            _ => None,
        });
        for index in open.chain(bound) {
            if !groups.contains(&Group::Gpu(index)) {
                groups.push(Group::Gpu(index));
            }
        }
        let run = Run::new(&core, groups, list, &givers);
        std::thread::scope(|scope| {
            for group in 1..run.groups.len() {
                let Group::Gpu(index) = run.groups[group] else { continue };
                let thread = std::thread::Builder::new().name(format!("manylane-graph-gpu:{index}"));
                if let Err(error) = thread.spawn_scoped(scope, {
                    let run = &run;
                    move || run.labour(group)
                }) {
                    run.give_up(group, &error);
                }
            }
            // The caller is the CPU's group, and the pool helps: also where it is one of the pool's own.
            run.labour(0);
        });
        run.outcome()
    }

    fn lock(&self) -> MutexGuard<'_, Nodes> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({} launches)", self.len())
    }
}

impl<K: Kernel> Node for Added<K> {
    fn name(&self) -> &'static str {
        K::INFO.name
    }

    fn asked(&self) -> Target {
        self.config.request.target
    }

    fn waits_for(&mut self) -> Vec<u64> {
        let bindings = K::Params::bindings(&mut self.args);
        let waits = bindings.iter().filter_map(|binding| match binding {
            Binding::Array(array) => array.waits_for(),
            _ => None,
        });
        waits.collect()
    }

    fn predict(&self, core: &Core, group: Group) -> Option<f64> {
        let asked = self.asked();
        let work = work::work::<K>(self.domain, false);
        let mut config = self.config.clone();
        match (asked, group) {
            (Target::Auto, Group::Cpu) => {
                // For what it begins to open.
                let _ = core.plan(&work, &config);
                config.request.target = Target::Threads;
            }
            (Target::Auto, Group::Gpu(index)) => {
                let spec = core.gpus.specs().into_iter().find(|spec| spec.index == index)?;
                if spec.avoided {
                    return None;
                }
                let site = Site::Gpu { index, software: spec.software };
                // A program on the CPU competes where it was told to, or was measured.
                if spec.software
                    && !spec.joins_split
                    && core.models().measured(K::INFO.hash, site, self.domain.len()).is_none()
                {
                    return None;
                }
                config.request.target = Target::Gpu(index);
            }
            (Target::Gpu(one), Group::Gpu(other)) if one == other => {
                if !core.gpus.specs().iter().any(|spec| spec.index == one) {
                    // Its own thread is to open it.
                    let site = Site::Gpu { index: one, software: false };
                    return Some(core.models().per_place(&work, site) * self.domain.len() as f64);
                }
            }
            (Target::Gpu(_), _) | (_, Group::Gpu(_)) => return None,
            (_, Group::Cpu) => {}
        }
        match core.plan(&work, &config) {
            Ok(plan) => Some(plan.predicted_seconds),
            // Where the user wants it, it has to be tried: the launch says what is wrong.
            Err(_) if asked != Target::Auto || group == Group::Cpu => Some(0.0),
            Err(_) => None,
        }
    }

    fn run(self: Box<Self>, core: &Core, target: Target) -> Result<Outcome> {
        let Added { mut args, mut config, domain, promises } = *self;
        let chosen = config.request.target == Target::Auto && matches!(target, Target::Gpu(_));
        config.request.target = target;
        config.wait = true;
        let mut launch =
            |config: Config| caught(K::INFO.name, || execute::<K>(core, &mut args, domain, config));
        let done = match launch(config.clone()) {
            Err(error) if chosen && may_move::<K>(&error) => {
                config.request.target = Target::Threads;
                launch(config).map(|(arrays, mut outcome)| {
                    let notes = [Some(format!("{target} could not run it ({error})")), outcome.note.take()];
                    outcome.note = Some(notes.into_iter().flatten().collect::<Vec<_>>().join("; "));
                    (arrays, outcome)
                })
            }
            done => done,
        };
        match done {
            Ok((arrays, outcome)) => K::Out::fulfil(promises, arrays).map(|()| outcome),
            Err(error) => {
                K::Out::fail(promises, &error);
                Err(error)
            }
        }
    }

    fn fail(self: Box<Self>, error: &Error) {
        K::Out::fail(self.promises, error);
    }
}

/// Whether what a GPU could not run, which nobody asked for, is run on the CPU.
fn may_move<K: Kernel>(error: &Error) -> bool {
    // What was updated already must not be updated again.
    let updates =
        K::INFO.params.iter().any(|param| matches!(param.kind, ParamKind::InPlace | ParamKind::Atomics));
    let elsewhere = matches!(
        error.kind(),
        ErrorKind::OutOfMemory
            | ErrorKind::DeviceLost
            | ErrorKind::LimitExceeded
            | ErrorKind::UnsupportedType
    );
    !updates && elsewhere
}

impl<'g> Run<'g> {
    fn new(core: &'g Core, groups: Vec<Group>, list: Vec<Entry>, givers: &HashMap<u64, usize>) -> Self {
        let began = Instant::now();
        let mut before = vec![Vec::new(); list.len()];
        for (k, entry) in list.iter().enumerate() {
            entry.after.iter().for_each(|first| before[*first].push(k));
        }
        let nodes: Vec<Running> = list
            .into_iter()
            .zip(before)
            .map(|(Entry { node, after }, before)| Running {
                name: node.name(),
                node: Some(node),
                missing: after.len(),
                after,
                before,
                seconds: Vec::new(),
                target: None,
                times: Default::default(),
                result: None,
            })
            .collect();
        let state = State {
            open: nodes.len(),
            ready: Vec::new(),
            free: vec![began; groups.len()],
            closed: vec![false; groups.len()],
            nodes,
        };
        let run = Run { core, groups, began, state: Mutex::new(state), changed: Condvar::new() };
        let mut state = run.lock();
        for k in 0..state.nodes.len() {
            let Some(node) = &mut state.nodes[k].node else { continue };
            if node.waits_for().iter().any(|id| !givers.contains_key(id)) {
                let text = "an argument's values were promised elsewhere and are not there; run the graph that \
                            computes them first";
                run.end(&mut state, k, Err(Error::new(ErrorKind::NotComputed, text)));
            } else if state.nodes[k].missing == 0 {
                run.make_ready(&mut state, k);
            }
        }
        drop(state);
        run
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread of a group does.
    fn labour(&self, group: usize) {
        let mut state = self.lock();
        while state.open > 0 {
            let Some((k, node)) = state.take(group) else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let target = match (self.groups[group], node.asked()) {
                (Group::Cpu, Target::Auto) => Target::Threads,
                (Group::Cpu, asked) => asked,
                (Group::Gpu(index), _) => Target::Gpu(index),
            };
            let name = node.name();
            state.nodes[k].target = Some(target);
            state.nodes[k].times.0 = self.began.elapsed();
            drop(state);
            // A panic beyond the launch drops its promises, which fails them.
            let result = caught(name, || node.run(self.core, target));
            state = self.lock();
            state.free[group] = Instant::now();
            state.nodes[k].times.1 = self.began.elapsed();
            if let (Target::Gpu(_), Ok(Outcome { target: Target::Threads, .. })) = (target, &result) {
                state.nodes[k].target = Some(Target::Threads);
            }
            self.end(&mut state, k, result);
            self.changed.notify_all();
        }
    }

    fn make_ready(&self, state: &mut State, k: usize) {
        if let Some(node) = &state.nodes[k].node {
            // A panic of the planner is the launch's to tell, on the CPU.
            let predict = |group: &Group| {
                caught(node.name(), || Ok(node.predict(self.core, *group)))
                    .unwrap_or((*group == Group::Cpu).then_some(0.0))
            };
            state.nodes[k].seconds = self.groups.iter().map(predict).collect();
            state.ready.push(k);
        }
    }

    /// Notes how a node ended; what depends on it is ready, or fails too.
    fn end(&self, state: &mut State, k: usize, result: Result<Outcome>) {
        let told = |state: &State, k: usize| format!("node {k} ({})", state.nodes[k].name);
        let origin = told(state, k);
        let result = match result {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                // All that come behind it, each once: ended when it is met first.
                let mut behind = state.nodes[k].before.clone();
                while let Some(next) = behind.pop() {
                    if state.nodes[next].result.is_some() {
                        continue;
                    }
                    behind.extend(&state.nodes[next].before);
                    let text =
                        format!("{}: {origin}, which it depends on, failed: {error}", told(state, next));
                    state.close(next, Err(Error::new(error.kind(), text)));
                }
                Err(error.in_launch(&origin))
            }
        };
        let good = result.is_ok();
        state.close(k, result);
        for next in state.nodes[k].before.clone() {
            state.nodes[next].missing -= 1;
            if good && state.nodes[next].missing == 0 {
                self.make_ready(state, next);
            }
        }
    }

    /// There is no thread for a group: what is bound to it fails, and nothing else goes there.
    fn give_up(&self, group: usize, error: &std::io::Error) {
        let mut state = self.lock();
        state.closed[group] = true;
        for k in 0..state.nodes.len() {
            let Some(node) = &state.nodes[k].node else { continue };
            if matches!((node.asked(), self.groups[group]), (Target::Gpu(a), Group::Gpu(b)) if a == b) {
                let text = format!("no thread for its device: {error}; run it without a graph");
                self.end(&mut state, k, Err(Error::new(ErrorKind::OutOfMemory, text)));
            }
        }
        self.changed.notify_all();
    }

    fn outcome(self) -> GraphOutcome {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let nodes = state.nodes.into_iter().map(|node| NodeOutcome {
            name: node.name,
            after: node.after,
            target: node.target,
            start: node.times.0,
            end: node.times.1,
            result: node.result.unwrap_or_else(|| Err(Error::internal("a launch of a graph never ended"))),
        });
        GraphOutcome { nodes: nodes.collect() }
    }
}

impl State {
    /// Notes the end of a node, if it has none.
    fn close(&mut self, k: usize, result: Result<Outcome>) {
        if self.nodes[k].result.is_some() {
            return;
        }
        self.open -= 1;
        self.ready.retain(|ready| *ready != k);
        if let (Err(error), Some(node)) = (&result, self.nodes[k].node.take()) {
            node.fail(error);
        }
        self.nodes[k].result = Some(result);
    }

    /// The first ready node that is predicted to end earliest in this group, those before it included.
    fn take(&mut self, group: usize) -> Option<(usize, Box<dyn Node>)> {
        let now = Instant::now();
        let mut wait: Vec<f64> =
            self.free.iter().map(|free| free.saturating_duration_since(now).as_secs_f64()).collect();
        for at in 0..self.ready.len() {
            let k = self.ready[at];
            let ends =
                self.nodes[k].seconds.iter().zip(&wait).map(|(seconds, wait)| Some((*seconds)? + wait));
            let earliest = ends
                .enumerate()
                .filter(|(group, _)| !self.closed[*group])
                .filter_map(|(group, end)| Some((group, end?)))
                .min_by(|one, other| one.1.total_cmp(&other.1));
            let Some((best, end)) = earliest else { continue };
            if best == group {
                self.ready.remove(at);
                let seconds = Duration::try_from_secs_f64(end).unwrap_or_default();
                self.free[group] = now.checked_add(seconds).unwrap_or(now);
                return Some((k, self.nodes[k].node.take()?));
            }
            wait[best] = end;
        }
        None
    }
}
