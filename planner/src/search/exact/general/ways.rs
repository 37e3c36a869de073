//! What each path of an instance may do, gathered once: the ways of a path are its cuts, and at its
//! end the boxes that it may send.

use super::heads::First;
use super::tails::Tail;
use crate::base::{Region, Span};
use crate::schedule::{Dependent, Instance, Path, Row};
use crate::search::exact::MANY;

/// More distinct boxes of one path than this are not told apart.
const MOST_BOXES: usize = 2048;

/// One way of running a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its cut.
    pub cut: usize,
    /// Time on the device, if it has an operation there.
    pub device: Option<u64>,
    /// Time on the uplink; 0 where nothing is sent.
    pub upload: u64,
    /// Time on the server, if it has an operation there.
    pub server: Option<u64>,
    /// Time on the downlink; 0 where nothing is sent back.
    pub download: u64,
    /// Dependents that it keeps from starting on the device.
    pub no_device: u128,
    /// Dependents that it keeps from starting on the server.
    pub no_server: u128,
    /// Positions of its cell that are at the server then, of those that are some dependent's own.
    pub supply: u64,
    /// Whether it stands for all boxes that the path may send, and costs no more than any: see
    /// [`Jobs::tell_boxes`].
    pub is_any_box: bool,
}

impl Way {
    /// Whether the path ends on the device.
    pub fn stays(&self) -> bool {
        self.server.is_none()
    }

    /// Whether it is one of these.
    pub fn is(&self, side: Side) -> bool {
        let sends = self.upload > 0 || self.is_any_box;
        match side {
            Side::OnServer => self.cut == 0,
            Side::OnDevice => self.cut > 0,
            Side::Leaves => !self.stays(),
            Side::Stays => self.stays(),
            Side::Silent => self.stays() && !sends,
            Side::Sends => self.stays() && sends,
        }
    }

    /// Whether this way can never be worse than another way of the same path that starts on the
    /// same side: no operation is longer, and no dependent is kept from more.
    fn covers(&self, other: &Self) -> bool {
        let no_longer = |a: Option<u64>, b: Option<u64>| a.is_none_or(|a| b.is_some_and(|b| a <= b));
        no_longer(self.device, other.device)
            && self.upload <= other.upload
            && no_longer(self.server, other.server)
            && self.download <= other.download
            && self.no_device & !other.no_device == 0
            && self.no_server & !other.no_server == 0
    }
}

/// Some of a path's ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// It starts on the server.
    OnServer,
    /// It starts on the device.
    OnDevice,
    /// It ends on the server.
    Leaves,
    /// It ends on the device.
    Stays,
    /// It ends on the device and sends nothing.
    Silent,
    /// It ends on the device and sends a box.
    Sends,
}

/// That only plans are meant in which a path has such a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settled {
    /// The path; small, for many wait.
    pub path: u8,
    /// Its ways.
    pub side: Side,
}

/// What one side does at least of all that the other paths of an instance wait for, or that waits for them, in ns, with
/// one slot on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// Right before the first of them, or right behind the last.
    pub next: u64,
    /// Besides, whenever.
    pub besides: u64,
}

impl Beyond {
    /// All of it.
    pub fn total(self) -> u64 {
        self.next + self.besides
    }

    /// This, and more that lies between it and those paths.
    pub fn and(self, nearer: Self) -> Self {
        Self { next: self.next + nearer.next, besides: self.besides + nearer.besides }
    }
}

/// Which plans of an instance are meant; all by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meant<'m> {
    /// Those in which some paths have such ways.
    pub settled: &'m [Settled],
    /// Those in which all that begins before this boundary stays on the device and sends nothing, and all that begins
    /// at it begins on the device.
    pub held: Option<usize>,
    /// Those of other instances, which differ in what the device does first: here it is the first path.
    pub head: Option<Beyond>,
    /// Those that run all that begins at this boundary or later on the server.
    pub ceded: Option<usize>,
    /// Those of other instances, which differ in what the server does last: here it is the last path.
    pub rest: Option<Beyond>,
}

impl Meant<'_> {
    /// Whether all plans are meant.
    pub fn are_all(&self) -> bool {
        self.settled.is_empty() && (!MANY || self.held.is_none() && self.ceded.is_none() && self.rest.is_none())
    }
}

/// One path of an instance.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its block.
    pub block: usize,
    /// It alone, as a set.
    pub itself: u128,
    /// Its ways: the one that starts on the server first.
    pub ways: Vec<Way>,
    /// Paths that it depends on.
    pub needs: u128,
    /// Paths that depend on it, directly.
    pub feeds: u128,
    /// Paths that it depends on, directly or not.
    pub before: u128,
    /// Paths that depend on it, directly or not.
    pub behind: u128,
    /// Its way of staying on the device and sending nothing, by index; none where it has no such way.
    pub silent: Option<usize>,
    /// Positions of its input that no tile above or left of it reads.
    pub own: u64,
    /// By path: how many of those positions its output has.
    pub given_by: Vec<u64>,
    /// Time and positions of the box of all that dependents read: no box takes less time a position.
    pub largest_box: Option<[u64; 2]>,
    /// Whether all others are before it or behind it, whatever the order.
    pub alone: bool,
    /// Whether it may begin on the device and end on the server.
    pub leaves: bool,
    /// The first path that looks the same: what it costs, needs and feeds.
    pub twin_of: usize,
    /// What is left to do behind its last operation on the device, and behind its transfer.
    pub tails: [Tail; 2],
    /// What passes until something of it is sent.
    pub first: First,
}

/// Which starts are left to a path.
pub const ANY: usize = 0;
/// Only those on the server.
pub const SERVER: usize = 1;
/// Only those on the device.
pub const DEVICE: usize = 2;

/// All paths of an instance.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// By path.
    pub all: Vec<Job>,
    /// All paths, as a set.
    pub everything: u128,
    /// Those that depend on nothing.
    pub free: u128,
    /// Those that are alone.
    pub alone: u128,
    /// Blocks but the first with paths that are not alone.
    late: Vec<usize>,
    /// Those that cannot start on the device.
    pub no_device: u128,
    /// Those that cannot start on the server.
    pub no_server: u128,
    /// By block: its paths.
    pub of_block: Vec<u128>,
    /// Slots of device and server.
    pub slots: [usize; 2],
    /// Number of blocks.
    pub blocks: usize,
    /// By path: see [`own_regions`].
    own: Vec<Region>,
    /// Whether a path between device and server may send nothing, so that its server part need not
    /// wait for its device part.
    pub skips_uplink: bool,
    /// Whether what starts on the server may do so as soon as it can: see *Eagerness* in the module above.
    pub is_eager: bool,
    /// Of all paths: see [`Jobs::heads`].
    pub heads: [u64; 2],
    /// Time that device and server work besides.
    pub besides: [u64; 2],
}

/// The set of one path.
pub fn bit(path: usize) -> u128 {
    1 << path
}

/// The members of a set, in order.
pub fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(first)
    })
}

impl Jobs {
    /// Gathers them; none where they are too many to tell apart.
    pub fn new(instance: &Instance) -> Option<Self> {
        let paths = instance.paths();
        if paths.len() > 128 {
            return None;
        }
        let own = own_regions(paths);
        let blocks = paths.last().map_or(0, |path| path.block + 1);
        let slots = [instance.slots.device, instance.slots.server];
        let (everything, free, of_block) = (0, 0, vec![0; blocks]);
        let mut jobs = Self {
            all: Vec::with_capacity(paths.len()),
            everything,
            no_device: 0,
            no_server: 0,
            free,
            alone: 0,
            late: Vec::new(),
            of_block,
            slots,
            blocks,
            own: Vec::new(),
            skips_uplink: false,
            is_eager: false,
            heads: [0; 2],
            besides: [0; 2],
        };
        for path in 0..paths.len() {
            let ways = ways(instance, path, &own);
            let set = |all: &mut dyn Iterator<Item = usize>| all.fold(0, |set, p| set | bit(p));
            let needs = set(&mut instance.needs(path).iter().copied());
            let feeds = set(&mut instance.dependents(path).iter().map(|d| d.path));
            jobs.all.push(Job {
                block: paths[path].block,
                itself: bit(path),
                needs,
                feeds,
                before: members(needs).fold(needs, |set, p| set | jobs.all[p].before),
                behind: 0,
                silent: None,
                own: own[path].area(),
                given_by: given_by(instance, path, own[path]),
                largest_box: largest_box(instance, path),
                alone: false,
                leaves: false,
                twin_of: path,
                tails: [Tail::default(); 2],
                first: First::default(),
                ways,
            });
            jobs.everything |= bit(path);
            jobs.of_block[paths[path].block] |= bit(path);
            jobs.free |= if jobs.all[path].needs == 0 { bit(path) } else { 0 };
        }
        jobs.own = own;
        jobs.relate(instance);
        Some(jobs)
    }

    /// Whether there is one device slot: see *Silence* in the module above.
    pub fn is_serial(&self) -> bool {
        self.slots[0] == 1
    }

    /// Whether what the server does besides comes behind all that it does so far: all of that reads of the block before
    /// the last path, of which nothing is placed.
    pub fn is_besides_behind(&self, unplaced: u128) -> bool {
        let read = self.blocks.checked_sub(2).map_or(0, |block| self.of_block[block]);
        MANY && self.besides[1] > 0 && read & !unplaced == 0
    }

    /// See [`Jobs::late`]; none without the feature `many`.
    pub fn late(&self) -> &[usize] {
        if MANY { &self.late } else { &[] }
    }

    /// Whether a path placed in this way is placed only right before one that reads it.
    pub fn waits(&self, path: usize, way: usize) -> bool {
        self.is_serial() && self.all[path].silent == Some(way)
    }

    fn relate(&mut self, instance: &Instance) {
        let count = self.all.len();
        for path in (0..count).rev() {
            let direct = self.all[path].feeds;
            self.all[path].behind = members(direct).fold(direct, |set, p| set | self.all[p].behind);
        }
        let middle = |path: usize| {
            let rows = instance.rows(path);
            let sends = rows.iter().take(rows.len() - 1).skip(usize::from(self.all[path].block > 0));
            sends.filter(|row| row.upload.0 == 0).count() > 0
        };
        let free = (0..count).any(|path| {
            let end = instance.paths()[path].len;
            instance.dependents(path).iter().any(|d| instance.upload(path, end, d.reads).0 == 0)
        });
        self.skips_uplink = free || (0..count).any(middle);
        for path in 0..count {
            let before = (0..path).all(|p| self.all[p].behind & bit(path) != 0);
            let behind = (path + 1..count).all(|p| self.all[path].behind & bit(p) != 0);
            self.all[path].alone = before && behind && !self.skips_uplink;
            self.alone |= if self.all[path].alone { bit(path) } else { 0 };
        }
        let sends_back = self.all.iter().flat_map(|job| &job.ways).any(|way| way.download > 0);
        self.is_eager = MANY && self.slots[1] == 1 && !self.skips_uplink && !sends_back;
        let is_split = |&block: &usize| !self.skips_uplink && self.of_block[block] & !self.alone != 0;
        self.late = (0..if MANY { self.blocks } else { 0 }).filter(is_split).skip(1).collect();
        self.read_ways();
    }

    /// Leaves those of all paths' ways out that are gone.
    pub fn keep(&mut self, gone: &[bool]) {
        let mut gone = gone.iter();
        for job in &mut self.all {
            job.ways.retain(|_| !gone.next().is_some_and(|&gone| gone));
        }
        self.read_ways();
    }

    /// Leaves all ways out that no plan has which is meant.
    pub fn restrict(&mut self, instance: &Instance, Meant { settled, held, head, ceded, rest }: Meant) {
        for &Settled { path, side } in settled {
            if let Some(job) = self.all.get_mut(usize::from(path)) {
                job.ways.retain(|way| way.is(side));
            }
        }
        if MANY {
            let (begun, boundary) = (held.unwrap_or(0), ceded.unwrap_or(usize::MAX));
            for (job, path) in self.all.iter_mut().zip(instance.paths()) {
                let is_meant = |way: &Way| {
                    (path.first >= begun || way.is(Side::Silent))
                        && (held != Some(path.first) || way.cut > 0)
                        && (path.first < boundary || way.cut == 0)
                };
                job.ways.retain(is_meant);
            }
            if let (Some(head), Some(first)) = (head, self.all.first_mut()) {
                first.ways.iter_mut().for_each(|way| way.device = Some(head.next));
                self.besides[0] = head.besides;
            }
            if let (Some(rest), Some(last)) = (rest, self.all.last_mut()) {
                last.ways.iter_mut().for_each(|way| way.server = Some(rest.next));
                self.besides[1] = rest.besides;
            }
        }
        self.read_ways();
    }

    /// Tells the boxes apart that paths may send; false where they are too many. What fixed ways have ruled
    /// out for dependents rules boxes out.
    pub fn tell_boxes(&mut self, instance: &Instance) -> bool {
        for path in 0..self.all.len() {
            let Some(at) = self.all[path].ways.iter().position(|way| way.is_any_box) else { continue };
            let any = Way { is_any_box: false, ..self.all[path].ways.remove(at) };
            let dependents = instance.dependents(path);
            let may_read = dependents.iter().filter(|d| self.no_server & bit(d.path) == 0);
            let Some(boxes) = boxes(may_read.map(|d| d.reads)) else { return false };
            for sent in boxes.into_iter().filter(|sent| !sent.is_empty()) {
                let outside = dependents.iter().filter(|d| !sent.contains(d.reads));
                let no_server = outside.fold(0, |set, d| set | bit(d.path));
                let no_device = senders_of(sent, dependents, self.no_server);
                let supply = dependents.iter().map(|d| sent.intersect(self.own[d.path]).area()).sum();
                let upload = instance.upload(path, any.cut, sent).0;
                if no_server & self.no_device == 0 {
                    self.all[path].ways.push(Way { upload, no_device, no_server, supply, ..any });
                }
            }
        }
        self.read_ways();
        true
    }

    /// What follows from the ways that there are.
    fn read_ways(&mut self) {
        (self.no_device, self.no_server) = (0, 0);
        for path in 0..self.all.len() {
            let Job { ways, feeds, itself, .. } = &self.all[path];
            let silent = |way: &Way| way.stays() && way.upload == 0 && way.no_server == *feeds && !way.is_any_box;
            let (silent, leaves) = (ways.iter().position(silent), ways.iter().any(|way| way.cut > 0 && !way.stays()));
            self.no_device |= if ways.iter().all(|way| way.cut == 0) { *itself } else { 0 };
            self.no_server |= if ways.iter().all(|way| way.cut > 0) { *itself } else { 0 };
            let job = &mut self.all[path];
            (job.silent, job.leaves) = (silent, leaves);
        }
        self.read_tails();
        if MANY {
            self.all.iter_mut().for_each(|job| job.first = First::of(&job.ways));
            self.heads = self.first_heads();
        }
    }

    /// Finds paths that look the same.
    pub fn find_twins(&mut self) {
        for path in 0..self.all.len() {
            let twin = (0..path).find(|&p| self.are_twins(p, path));
            self.all[path].twin_of = twin.unwrap_or(path);
        }
    }

    fn are_twins(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.all[a], &self.all[b]);
        let same = |(x, y): (&Way, &Way)| Way { supply: 0, ..*x } == Way { supply: 0, ..*y };
        a.block == b.block
            && a.needs == b.needs
            && a.feeds == b.feeds
            && a.ways.len() == b.ways.len()
            && a.ways.iter().zip(&b.ways).all(same)
    }
}

/// All ways of a path that no other covers, boxes not told apart.
fn ways(instance: &Instance, path: usize, own: &[Region]) -> Vec<Way> {
    let dependents = instance.dependents(path);
    let known = &instance.paths()[path];
    let everyone = dependents.iter().fold(0, |set, d| set | bit(d.path));
    let supply = dependents.iter().map(|d| known.cell.intersect(own[d.path]).area()).sum();
    let rows = instance.rows(path);
    let mut all: Vec<Way> = Vec::with_capacity(rows.len() + 1);
    for (cut, row) in rows.iter().enumerate() {
        let &Row { device, upload, server } = row;
        let (device, upload) = ((cut > 0).then_some(device.0), upload.0);
        let (server, download) = (Some(server.0), known.download.0);
        let (no_device, no_server, is_any_box) = (everyone, 0, false);
        let way = Way { cut, device, upload, server, download, no_device, no_server, supply, is_any_box };
        if cut < known.len {
            all.push(way);
            continue;
        }
        let stays = Way { upload: 0, server: None, download: 0, no_device: 0, supply: 0, ..way };
        all.push(Way { no_server: everyone, ..stays });
        if everyone != 0 {
            all.push(Way { is_any_box: true, ..stays });
        }
    }
    let needs_nothing = instance.needs(path).is_empty();
    let same_side = |a: &Way, b: &Way| needs_nothing || (a.cut == 0) == (b.cut == 0);
    let mut kept: Vec<Way> = Vec::with_capacity(all.len());
    for (at, way) in all.iter().enumerate() {
        let covered = |(other, by): (usize, &Way)| {
            other != at && !by.is_any_box && same_side(by, way) && by.covers(way) && (other < at || !way.covers(by))
        };
        if way.is_any_box || !all.iter().enumerate().any(covered) {
            kept.push(*way);
        }
    }
    kept
}

/// See [`Job::given_by`].
fn given_by(instance: &Instance, path: usize, own: Region) -> Vec<u64> {
    let mut given = vec![0; instance.paths().len()];
    for &other in instance.needs(path) {
        given[other] = instance.paths()[other].cell.intersect(own).area();
    }
    given
}

/// See [`Job::largest_box`].
fn largest_box(instance: &Instance, path: usize) -> Option<[u64; 2]> {
    let all = instance.dependents(path).iter().fold(Region::EMPTY, |all, d| all.bounding(d.reads));
    let upload = instance.upload(path, instance.paths()[path].len, all).0;
    // A ns less: it was rounded up.
    (!all.is_empty()).then(|| [upload.saturating_sub(1), all.area()])
}

/// Dependents that have to start on the server where exactly this box is sent: those that alone reach
/// one of its sides.
fn senders_of(sent: Region, dependents: &[Dependent], no_server: u128) -> u128 {
    let sides = |region: Region| [region.rows.start(), region.rows.end(), region.columns.start(), region.columns.end()];
    let inside = || dependents.iter().filter(|d| no_server & bit(d.path) == 0 && sent.contains(d.reads));
    (0..4)
        .filter_map(|side| {
            let mut reach = inside().filter(|d| sides(d.reads)[side] == sides(sent)[side]);
            let first = reach.next()?;
            reach.next().is_none().then(|| bit(first.path))
        })
        .fold(0, |set, one| set | one)
}

/// The bounding boxes of all sets of these regions, the empty one first.
fn boxes(regions: impl Iterator<Item = Region>) -> Option<Vec<Region>> {
    let mut found = vec![Region::EMPTY];
    for region in regions {
        for at in 0..found.len() {
            let joined = found[at].bounding(region);
            if !found.contains(&joined) {
                found.push(joined);
            }
        }
        if found.len() > MOST_BOXES {
            return None;
        }
    }
    Some(found)
}

/// By path: a part of its input such that no two paths of a block share a position. Rows begin behind
/// all rows that tiles in earlier rows of the grid read, columns alike: so two tiles differ in rows
/// or in columns.
fn own_regions(paths: &[Path]) -> Vec<Region> {
    let behind = |path: &Path, axis: fn(Region) -> Span, side: usize| {
        let before = paths.iter().filter(|p| p.block == path.block && p.tile[side] < path.tile[side]);
        let end = before.map(|p| axis(p.input).end()).max().unwrap_or(0);
        let span = axis(path.input);
        Span::new(span.start().max(end), span.end())
    };
    paths.iter().map(|path| Region::new(behind(path, |r| r.rows, 0), behind(path, |r| r.columns, 1))).collect()
}
