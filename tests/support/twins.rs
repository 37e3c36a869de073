//! Situations in which two tiles cost the same but read different parts of the tiles before them.

use super::Draw;
use offcut::formats::{ModelFile, ProcessorFile, Reference, Scenario, SpaceFile};
use offcut::network::{Builder, Conv, Op, Shape, Source, Window};

impl Draw {
    /// A scenario of two blocks of two tiles each, those of the first of different heights, device and
    /// server much alike.
    pub fn twins(&mut self) -> Scenario {
        let conv = |out_channels, kernel| {
            let window = Window::square(kernel, 1, kernel / 2);
            Op::Conv(Conv { out_channels, window, groups: 1, bias: false })
        };
        let shape = Shape::new(self.between(1, 6), 8, self.between(1, 3));
        let mut builder = Builder::new("twins", shape).expect("a small input");
        let mut at = Source::Input;
        // What the second block sends is least in its middle.
        let kernel = self.of(&[3, 5]);
        let ops =
            [conv(self.between(1, 4), 1), conv(self.between(1, 2), kernel), conv(self.between(4, 16), 1), conv(1, 1)];
        let count = self.of(&[3, 4]);
        for (name, op) in ["a", "b", "c", "d"].into_iter().zip(ops).take(count) {
            at = builder.layer(name, op, &[at]).expect("it fits");
        }
        let network = builder.finish().expect("one output");
        let mut file = self.scenario(&network);
        file.model = Reference::Whole(Box::new(ModelFile::of(&network)));
        file.space = SpaceFile { max_fused_blocks: 2, grids: vec![[2, 1]], fusible: None, uneven: true, step: Some(1) };
        let mut processor = |least: u32| {
            Reference::Whole(Box::new(ProcessorFile {
                name: "generated".to_owned(),
                gflops: f64::from(self.between(least, 40)) / 1000.0,
                memory_gb_per_s: f64::from(self.between(least, 40)) / 1000.0,
                overhead_us: 0.0,
                slots: self.of(&[1, 1, 2]),
                memory_mb: None,
            }))
        };
        file.device = processor(2);
        file.server = processor(2);
        file.resolve().expect("generated scenarios are valid")
    }
}
