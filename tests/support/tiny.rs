//! Situations so small that every plan can be evaluated.

use super::Draw;
use offcut::formats::{ModelFile, Reference, Scenario, SpaceFile};
use offcut::network::{Builder, Network, Shape, Source};

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
