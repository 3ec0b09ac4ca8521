//! What `objdump -d --no-show-raw-insn` prints, as functions, instructions and their innermost loops.
//!
//! A loop is a natural one: a jump back to an address from which the jump can be reached, and all that lies on
//! the ways between. A block that the compiler moved to a function's end and that jumps back into straight code
//! is none. Jumps through a register have no known goal: what only they reach is not seen.

use std::collections::BTreeMap;

/// All functions of one binary.
pub struct Listing<'a> {
    pub functions: Vec<Function<'a>>,
}

/// One function.
pub struct Function<'a> {
    pub name: &'a str,
    pub instructions: Vec<Instruction<'a>>,
}

/// One instruction, its text from the mnemonic on.
#[derive(Debug)]
pub struct Instruction<'a> {
    pub address: u64,
    pub text: &'a str,
}

impl<'a> Listing<'a> {
    /// Reads what `objdump` printed.
    pub fn read(text: &'a str) -> Self {
        let mut functions: Vec<Function<'a>> = Vec::new();
        for line in text.lines() {
            if let Some(name) = header(line) {
                functions.push(Function { name, instructions: Vec::new() });
            } else if let Some((function, instruction)) = functions.last_mut().zip(instruction(line)) {
                function.instructions.push(instruction);
            }
        }
        Listing { functions }
    }
}

/// `0000000000001000 <name>:`
fn header(line: &str) -> Option<&str> {
    let (address, rest) = line.split_once(" <")?;
    let is_address = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit());
    rest.strip_suffix(">:").filter(|_| is_address)
}

/// `    1000:\tmov    %rax,%rbx`
fn instruction(line: &str) -> Option<Instruction<'_>> {
    let (address, text) = line.trim_start().split_once(":\t")?;
    Some(Instruction { address: u64::from_str_radix(address, 16).ok()?, text: text.trim() })
}

impl Instruction<'_> {
    /// Whether it calls, directly or through a register.
    pub fn is_call(&self) -> bool {
        self.words().any(|word| matches!(word, "call" | "callq" | "lcall"))
    }

    /// The goal of a jump, where it is written out.
    fn jump(&self) -> Option<u64> {
        let mut words = self.words().skip_while(|word| matches!(*word, "bnd" | "notrack" | "repz"));
        let mnemonic = words.next()?;
        if !mnemonic.starts_with('j') && !mnemonic.starts_with("loop") && !mnemonic.starts_with("xbegin") {
            return None;
        }
        // A hint may stand between: `jne,pn 1000 <f>`.
        words.find_map(|word| u64::from_str_radix(word, 16).ok())
    }

    /// Whether the next instruction can follow it.
    fn falls_through(&self) -> bool {
        !self.words().any(|word| matches!(word, "jmp" | "jmpq" | "ret" | "retq" | "ud2" | "hlt" | "int3"))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        // What stands in angle brackets is a name, and may hold any word.
        self.text.split('<').next().unwrap_or("").split_whitespace()
    }
}

impl Function<'_> {
    /// The bodies of the loops that hold no other loop.
    pub fn innermost_loops(&self) -> Vec<Vec<&Instruction<'_>>> {
        let loops = self.loops();
        let is_inside = |inner: &Vec<bool>, outer: &Vec<bool>| {
            inner != outer && inner.iter().zip(outer).all(|(&inner, &outer)| !inner || outer)
        };
        let innermost = loops.iter().filter(|body| !loops.iter().any(|other| is_inside(other, body)));
        innermost
            .map(|body| {
                let marked = self.instructions.iter().zip(body);
                marked.filter(|&(_, &inside)| inside).map(|(instruction, _)| instruction).collect()
            })
            .collect()
    }

    /// Which instructions belong to each loop; loops that share their head are one.
    fn loops(&self) -> Vec<Vec<bool>> {
        let after = self.successors();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); after.len()];
        let mut back = Vec::new();
        for (from, to) in after.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |&to| (from, to)))
        {
            before[to].push(from);
            if to <= from && reached(&after, to, None)[from] {
                back.push(Back { head: to, tail: from });
            }
        }
        // The head of a natural loop lies on every way to its tail.
        let (natural, other): (Vec<Back>, Vec<Back>) = back
            .into_iter()
            .partition(|back| back.head == back.tail || !reached(&after, 0, Some(back.head))[back.tail]);
        let mut by_head: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
        for back in &natural {
            add_body(&mut by_head, &after, &before, back);
        }
        // What else jumps back is a part of a natural loop's body, or a loop with two entrances, which counts too.
        let is_inside = |back: &Back, body: &Vec<bool>| body[back.head] && body[back.tail];
        for back in other {
            if !by_head.values().any(|body| is_inside(&back, body)) {
                add_body(&mut by_head, &after, &before, &back);
            }
        }
        by_head.into_values().collect()
    }

    /// For each instruction, those that can follow it inside the function.
    fn successors(&self) -> Vec<Vec<usize>> {
        let place = |address: u64| self.instructions.binary_search_by_key(&address, |i| i.address).ok();
        let of = |(index, instruction): (usize, &Instruction<'_>)| {
            let next =
                Some(index + 1).filter(|&next| instruction.falls_through() && next < self.instructions.len());
            next.into_iter().chain(instruction.jump().and_then(place)).collect()
        };
        self.instructions.iter().enumerate().map(of).collect()
    }
}

/// A jump back.
struct Back {
    head: usize,
    tail: usize,
}

/// Adds to the loop at `back.head` all that lies on a way from its head to the tail.
fn add_body(
    by_head: &mut BTreeMap<usize, Vec<bool>>,
    after: &[Vec<usize>],
    before: &[Vec<usize>],
    back: &Back,
) {
    let forward = reached(after, back.head, None);
    let backward = reached(before, back.tail, Some(back.head));
    let body = by_head.entry(back.head).or_insert_with(|| vec![false; after.len()]);
    for (place, inside) in body.iter_mut().enumerate() {
        *inside |= forward[place] && backward[place];
    }
}

/// What can be reached from `start` over `edges`, going no further at `stop`.
fn reached(edges: &[Vec<usize>], start: usize, stop: Option<usize>) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        if std::mem::replace(&mut seen[place], true) || Some(place) == stop {
            continue;
        }
        open.extend(&edges[place]);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of each innermost loop of a function given as `address instruction` lines.
    fn loops(lines: &[&str]) -> Vec<Vec<String>> {
        let body: Vec<String> = lines.iter().map(|line| line.replacen(' ', ":\t", 1)).collect();
        let text = format!(
            "\nentries:     file format elf64-x86-64\n\n0000000000000010 <f>:\n{}\n",
            body.join("\n")
        );
        let listing = Listing::read(&text);
        assert_eq!(listing.functions.len(), 1);
        let function = &listing.functions[0];
        assert_eq!(function.instructions.len(), lines.len());
        let texts = |body: Vec<&Instruction<'_>>| body.iter().map(|i| i.text.to_owned()).collect();
        function.innermost_loops().into_iter().map(texts).collect()
    }

    #[test]
    fn only_the_inner_of_two_loops_counts() {
        let found =
            loops(&["10 call 99 <g>", "11 inc", "12 jne 11 <f+1>", "13 dec", "14 jne 10 <f>", "15 ret"]);
        assert_eq!(found, [["inc", "jne 11 <f+1>"]]);
    }

    #[test]
    fn two_jumps_to_one_head_are_one_loop() {
        let found = loops(&["10 inc", "11 je 10 <f>", "12 call 99 <g>", "13 jmp 10 <f>", "14 ret"]);
        assert_eq!(found, [["inc", "je 10 <f>", "call 99 <g>", "jmp 10 <f>"]]);
    }

    #[test]
    fn a_block_moved_to_the_end_is_no_loop() {
        // 10 → 20 (out of line) → 12: straight code, although the jump goes back.
        let found = loops(&["10 je 20 <f+10>", "12 inc", "13 ret", "20 call 99 <g>", "21 jmp 12 <f+2>"]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_block_moved_out_of_a_loop_belongs_to_it() {
        let lines =
            ["10 inc", "11 je 20 <f+10>", "12 jne 10 <f>", "13 ret", "20 call 99 <g>", "21 jmp 12 <f+2>"];
        let found = loops(&lines);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(&"call 99 <g>".to_owned()), "{found:?}");
    }

    #[test]
    fn a_loop_with_two_entrances_counts() {
        let found =
            loops(&["10 je 13 <f+3>", "11 inc", "12 call 99 <g>", "13 dec", "14 jne 11 <f+1>", "15 ret"]);
        assert_eq!(found, [["inc", "call 99 <g>", "dec", "jne 11 <f+1>"]]);
    }

    #[test]
    fn a_block_moved_out_of_an_outer_loop_is_not_its_inner_one() {
        let lines = ["10 je 20 <f+10>", "11 inc", "12 jne 11 <f+1>", "13 dec", "14 jne 10 <f>", "15 ret"];
        let found = loops(&[&lines[..], &["20 call 99 <g>", "21 jmp 13 <f+3>"]].concat());
        assert_eq!(found, [["inc", "jne 11 <f+1>"]]);
    }

    #[test]
    fn a_call_that_never_returns_ends_the_way() {
        let found =
            loops(&["10 inc", "11 jne 10 <f>", "12 ret", "13 call 99 <panic>", "14 ud2", "15 jmp 10 <f>"]);
        assert_eq!(found, [["inc", "jne 10 <f>"]]);
    }

    #[test]
    fn calls_are_known_by_mnemonic_not_by_name() {
        let is_call = |text| Instruction { address: 0, text }.is_call();
        assert!(is_call("call   1000 <f>") && is_call("call   *0x8(%rax)") && is_call("notrack call *%rax"));
        assert!(!is_call("jmp    1000 <call it>") && !is_call("vaddps %zmm0,%zmm1,%zmm2"));
    }
}
