use offcut::cost::CostModel;
use offcut::formats::ScenarioFile;
use offcut::search::{Context, Exact, Ranking};
use std::time::Instant;
fn main() {
    for entry in offcut::zoo::NETWORKS {
        let scenario = ScenarioFile::of_model(entry.id).resolve().expect("preset");
        let mut best = [f64::MAX; 2];
        let mut line = String::new();
        for _ in 0..5 {
            let t = Instant::now();
            let model = CostModel::new(&scenario.network, &scenario.platform);
            let mut context = Context::new(&model, &scenario.space);
            let known = offcut::search::nfl(&mut context).makespan;
            let ranking = Ranking::new(&mut context, known);
            let a = t.elapsed().as_secs_f64() * 1e3;
            let mut exact = Exact::new(&mut context);
            let mut steps = 0;
            while !exact.is_done(&ranking) {
                exact.step(&mut context, &ranking);
                steps += 1;
            }
            let b = t.elapsed().as_secs_f64() * 1e3 - a;
            best = [best[0].min(a), best[1].min(b)];
            line = format!(
                "{} strategies {} best {} bound {} steps {steps} evals {}",
                entry.id,
                ranking.ranked.len(),
                exact.best().makespan.0,
                exact.lower_bound(&ranking).0,
                exact.evaluations()
            );
        }
        println!("{line} ranking {:.2} ms exact {:.2} ms", best[0], best[1]);
    }
}
