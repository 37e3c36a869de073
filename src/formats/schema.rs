//! The JSON Schemas of the documents, generated from their types: `static/schema/*.json`.
//!
//! They are written by `OFFCUT_BLESS=1 cargo test --lib schema`, and compared otherwise. The generator is in tests
//! only, so that the page does not carry it. Of the types' attributes, those that only reading with serde would mind
//! (`default`, `deny_unknown_fields`) are for the schemas: documents are read from their trees.

use super::model::OutFile;
use super::{ModelFile, OneOrTwo, Padding, PlanFile, Reference, ScenarioFile, model_ops};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! schema {
    ($type:ty, $name:literal, $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

/// A list of so many sizes.
fn sizes(least: u32, most: u32) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": least, "maxItems": most })
}

schema!(OneOrTwo, "OneOrTwo", {
    let description = "One integer for both axes, or [height, width].";
    json_schema!({ "description": description, "anyOf": [{ "type": "integer", "minimum": 0 }, sizes(2, 2)] })
});
schema!(Padding, "Padding", {
    let description = "One integer for all sides, [vertical, horizontal], or [top, left, bottom, right].";
    json_schema!({ "description": description, "anyOf": [{ "type": "integer", "minimum": 0 }, sizes(2, 2), sizes(4, 4)] })
});
schema!(OutFile, "Sizes", {
    let description = "adaptive_avg_pool: [height, width]; custom: [channels, height, width].";
    let mut schema = sizes(2, 3);
    schema.insert("description".to_owned(), description.into());
    schema
});

impl<T: JsonSchema> JsonSchema for Reference<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrId", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<T>();
        json_schema!({ "description": "A preset's id, or a whole object.", "anyOf": [{ "type": "string" }, whole] })
    }
}

/// The names of the ops.
pub(super) fn op(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": model_ops::names().collect::<Vec<_>>() })
}

#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::formats::{Method, read_scenario};
    use crate::job;
    use crate::search::Unwatched;
    use crate::zoo;
    use serde_json::{Value, json};
    use std::path::Path;

    /// A document's schema, with its format as the only one allowed.
    fn schema<T: JsonSchema>(format: &str, title: &str) -> Value {
        let mut schema = schemars::schema_for!(T).to_value();
        schema["title"] = json!(title);
        schema["properties"]["format"]["const"] = json!(format);
        schema
    }

    fn all() -> [(&'static str, Value); 3] {
        [
            ("model", schema::<ModelFile>("offcut-model/1", "Offcut model")),
            ("scenario", schema::<ScenarioFile>("offcut-scenario/1", "Offcut scenario")),
            ("plan", schema::<PlanFile>("offcut-plan/1", "Offcut plan")),
        ]
    }

    #[test]
    fn the_schemas_of_the_site_are_those_of_the_types() {
        for (name, schema) in all() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/schema/{name}.json"));
            let text = serde_json::to_string_pretty(&schema).expect("it can be written") + "\n";
            if std::env::var_os("OFFCUT_BLESS").is_some() {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(&path, &text).expect("it can be written");
            }
            let found = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(found == text, "{} is not up to date: run with OFFCUT_BLESS=1", path.display());
        }
    }

    fn errors(schema: &Value, document: &Value) -> Vec<String> {
        let validator = jsonschema::validator_for(schema).expect("the schema is one");
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// What is written fits its schema: the zoo, every method's plan, scenarios short and spelled out.
    #[test]
    fn documents_fit_their_schemas() {
        let [(_, model), (_, scenario), (_, plan)] = all();
        for entry in zoo::NETWORKS {
            let network = zoo::build(entry.id).and_then(Result::ok).expect("in the zoo");
            let text = ModelFile::of(&network).to_text();
            let document = serde_json::from_str(&text).expect("JSON");
            assert_eq!(errors(&model, &document), [""; 0], "{}", entry.id);
        }
        let short = json!({ "format": "offcut-scenario/1", "model": "tiny-yolov2" });
        assert_eq!(errors(&scenario, &short), [""; 0]);
        let read = read_scenario(&short.to_string()).expect("valid");
        assert_eq!(errors(&scenario, &serde_json::to_value(&read.spelled_out).expect("JSON")), [""; 0]);
        let solved = job::solve(&read, Method::Nfl, &mut Unwatched).expect("it is solved");
        assert_eq!(errors(&plan, &serde_json::from_str(&solved.to_text()).expect("JSON")), [""; 0]);
    }

    #[test]
    fn documents_that_are_none_do_not_fit() {
        let [(_, model), (_, scenario), _] = all();
        let good = json!({ "format": "offcut-model/1", "input": { "channels": 1, "height": 1, "width": 1 },
            "layers": [{ "name": "a", "op": "conv", "out_channels": 1, "kernel": [1, 1], "padding": 0 }] });
        assert_eq!(errors(&model, &good), [""; 0]);
        let wrong = |change: fn(&mut Value)| {
            let mut document = good.clone();
            change(&mut document);
            !errors(&model, &document).is_empty()
        };
        assert!(wrong(|document| document["format"] = json!("offcut-model/2")));
        assert!(wrong(|document| document["colour"] = json!(1)));
        assert!(wrong(|document| document["layers"][0]["op"] = json!("convv")));
        assert!(wrong(|document| document["layers"][0]["kernel"] = json!([1, 2, 3])));
        assert!(wrong(|document| document["layers"][0]["padding"] = json!(-1)));
        assert!(wrong(|document| document["input"]["height"] = json!("1")));
        assert!(!errors(&scenario, &json!({ "format": "offcut-scenario/1" })).is_empty());
    }

    /// The examples of the formats' description, where it lies beside the repository.
    #[test]
    fn the_examples_of_the_description_fit() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/design/formats.md");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("SKIPPED: {} is not there", path.display());
            return;
        };
        let examples: Vec<Value> = text
            .split("```json\n")
            .skip(1)
            .filter_map(|rest| serde_json::from_str(rest.split("```").next()?).ok())
            .collect();
        let [model, scenario, mut plan] = <[Value; 3]>::try_from(examples).expect("three examples");
        plan["scenario"] = scenario.clone();
        for ((name, schema), document) in all().into_iter().zip([model, scenario, plan]) {
            assert_eq!(errors(&schema, &document), [""; 0], "{name}");
        }
    }
}
