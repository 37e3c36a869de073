//! Situations so small that every plan can be evaluated.

use super::Draw;
use offcut::base::Nanos;
use offcut::formats::{ModelFile, Reference, Scenario, SpaceFile};
use offcut::network::{Builder, Conv, Network, Op, Shape, Source, Window};
use offcut::platform::Platform;

impl Draw {
    /// A scenario with a network of two to four stages and few grids.
    pub fn tiny(&mut self) -> Scenario {
        loop {
            let network = self.tiny_network();
            if !(2..=4).contains(&network.stages().len()) {
                continue;
            }
            let mut file = self.scenario(&network);
            file.model = Reference::Whole(Box::new(ModelFile::of(&network)));
            file.space = self.tiny_space();
            return file.resolve().expect("generated scenarios are valid");
        }
    }

    /// A scenario in which tiles read far beyond their edges, so that several blocks one behind the other may pay: a
    /// connected space with one slot on each side.
    pub fn wide(&mut self) -> Scenario {
        let input = Shape::new(self.between(1, 3), 8, 8);
        let mut builder = Builder::new("wide", input).expect("a small input");
        let mut at = Source::Input;
        let layers = self.between(4, 5);
        for layer in 0..layers {
            let kernel = self.of(&[1, 3, 3]);
            let window = Window::square(kernel, 1, kernel / 2);
            // Before the last one there is least to send.
            let out_channels = if layer + 2 == layers { 1 } else { self.between(2, 8) };
            let conv = Conv { out_channels, window, groups: 1, bias: false };
            at = builder.layer(&format!("conv{layer}"), Op::Conv(conv), &[at]).expect("it fits");
        }
        let network = builder.finish().expect("one output");
        let mut file = self.scenario(&network);
        let all = [[1, 2], [1, 3], [1, 4], [2, 1], [3, 1], [2, 2]];
        let grids = (0..self.between(2, 3)).map(|_| self.of(&all)).collect();
        file.space = SpaceFile { max_fused_blocks: 4, grids, fusible: None, uneven: false, step: None };
        let mut scenario = file.resolve().expect("generated scenarios are valid");
        scenario.platform.device.slots = 1;
        scenario.platform.server.slots = 1;
        scenario.platform.link.return_result = false;
        // The server is quick, and the uplink takes about as long for a map as the device for the network.
        let Platform { device, server, link, .. } = &mut scenario.platform;
        (device.overhead, server.overhead) = (Nanos(0), Nanos(0));
        (device.milli_gb_per_s, server.milli_gb_per_s) = (1_000_000, 1_000_000);
        (device.milli_gflops, server.milli_gflops) = (100, 1_000_000);
        link.uplink_kbps = u64::from(self.between(1, 20)) * 200;
        link.latency = Nanos(self.of(&[0, 0, 10_000, 100_000]));
        scenario
    }

    fn tiny_network(&mut self) -> Network {
        let input = Shape::new(self.between(1, 3), self.between(2, 6), self.between(2, 6));
        let mut builder = Builder::new("tiny", input).expect("a small input");
        let branches = self.chance(0.5);
        let mut at = Source::Input;
        for _ in 0..self.between(2, 4) {
            let before = builder.clone();
            let next = if branches && self.chance(0.5) {
                self.branch(&mut builder, at)
            } else {
                let op = self.op(builder.shape(at));
                self.add(&mut builder, op, &[at])
            };
            match next {
                Some(source) => at = source,
                None => builder = before,
            }
        }
        if self.chance(0.4) || builder.is_empty() {
            self.end(&mut builder, at);
        }
        builder.finish().expect("one output")
    }

    fn tiny_space(&mut self) -> SpaceFile {
        let uneven = self.chance(0.3);
        let all = [[1, 2], [2, 1], [2, 1], [1, 3], [3, 1], [2, 2]];
        let grids = (0..self.between(1, 2)).map(|_| self.of(&all)).collect();
        SpaceFile {
            max_fused_blocks: self.of(&[1, 2, 2, 3]),
            grids,
            fusible: None,
            uneven,
            step: self.chance(0.7).then(|| self.between(1, 3)),
        }
    }
}
