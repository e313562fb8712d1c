using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// The JSON Schema (2020-12) of a sweep file, for editors. It says what a single key may hold; rules between keys (min ≤ max, a grid's
/// step) are the reader's alone.
/// </summary>
public static class SweepSchema
{
    // People read the schema too, so a backtick is not written as \u0060.
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of docs/sweep.schema.json, with a newline at its end.</summary>
    public static string Json() => Document().ToJsonString(Indented) + "\n";

    private static JsonObject Document()
    {
        var root = Closed(["name"],
            Of(FileFields.Name), Of(FileFields.Seed),
            ("program", Closed([.. FileFields.Program.Where(f => f.Required).Select(f => f.Name)],
                [.. FileFields.Program.Select(Of), Of(SettingCatalog.EpochsOfCommand)])),
            ("objective", new JsonObject { ["type"] = "object" }),
            ("data", new JsonObject { ["oneOf"] = new JsonArray([.. FileFields.Data.Select(d => Data(d.Source, d.Fields))]) }),
            ("model", Block(SettingBlock.Model)), ("training", Block(SettingBlock.Training)),
            ("parameters", new JsonObject { ["type"] = "object" }),
            ("trials", new JsonObject { ["type"] = "array" }),
            ("stop", Fields(FileFields.Stop)),
            ("search", new JsonObject { ["anyOf"] = new JsonArray(FileFields.Sampler.Domain.Schema(), Fields(FileFields.Search)) }),
            Of(FileFields.Replicates), Of(FileFields.InitialCheckpoint));
        var document = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Sweep file" };
        foreach (var (key, value) in root) document[key] = value?.DeepClone();
        // What varies, and by what a sweep ranks, is named by its program: the built-in one, or the user's.
        document["if"] = new JsonObject { ["required"] = new JsonArray("program") };
        document["then"] = OfCommand();
        document["else"] = OfClassifier();
        document["$defs"] = new JsonObject(SettingCatalog.Classifier.All.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Name, Of(s).Schema)));
        return document;
    }

    private static JsonObject OfClassifier() => new()
    {
        ["required"] = new JsonArray("data"),
        ["properties"] = new JsonObject
        {
            ["objective"] = Fields(FileFields.ObjectiveOf(ClassifierResult.Metrics)),
            ["parameters"] = Closed([], [.. SettingCatalog.Classifier.All.Select(s => (s.Name, Parameter(s)))]),
            ["trials"] = new JsonObject
            {
                ["items"] = Closed(["name"], [NameOfTrial, .. SettingCatalog.Classifier.All.Select(Reference)]),
            },
        },
    };

    private static JsonObject OfCommand()
    {
        var (epochs, free) = (SettingCatalog.EpochsOfCommand, SettingCatalog.OfCommand(["any"]).Find("any")!);
        var objective = Fields([new Field("metric", new TextDomain(), null, "A metric of the program that has a goal."),
            .. FileFields.ObjectiveOf(ClassifierResult.Metrics).Where(f => f.Name != "metric")]);
        return new JsonObject
        {
            ["not"] = new JsonObject
            {
                ["anyOf"] = new JsonArray([.. new[] { "data", "model", "training", "initial_checkpoint" }
                    .Select(key => new JsonObject { ["required"] = new JsonArray(key) })]),
            },
            ["properties"] = new JsonObject
            {
                ["objective"] = objective,
                ["parameters"] = new JsonObject
                {
                    ["properties"] = new JsonObject { ["epochs"] = Parameter(epochs, Of(epochs).Schema) },
                    ["additionalProperties"] = Parameter(free, Of(free).Schema),
                },
                ["trials"] = new JsonObject
                {
                    ["items"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["required"] = new JsonArray("name"),
                        ["properties"] = new JsonObject { ["name"] = NameOfTrial.Schema, ["epochs"] = Of(epochs).Schema },
                        ["additionalProperties"] = Of(free).Schema,
                    },
                },
            },
        };
    }

    private static (string Name, JsonObject Schema) NameOfTrial => Of(FileFields.Name with { Doc = "What tables call the trial." });

    private static JsonObject Block(SettingBlock block) =>
        Closed([], [.. SettingCatalog.Classifier.All.Where(s => s.Block == block).Select(Reference)]);

    private static JsonObject Data(string source, ImmutableArray<Field> fields) => Closed(
        ["source", .. fields.Where(f => f.Required).Select(f => f.Name)],
        [("source", new JsonObject { ["const"] = source }), .. fields.Select(Of)]);

    private static JsonObject Fields(ImmutableArray<Field> fields) =>
        Closed([.. fields.Where(f => f.Required).Select(f => f.Name)], [.. fields.Select(Of)]);

    private static JsonObject Parameter(Setting setting) => Parameter(setting, Reference(setting).Schema);

    private static JsonObject Parameter(Setting setting, JsonObject value)
    {
        static (string, JsonObject) When() => ("when", new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["maxProperties"] = 1 });
        var values = Closed(["values"], ("values", new JsonObject { ["type"] = "array", ["items"] = value, ["minItems"] = 1 }), When());
        var range = Closed([.. FileFields.Range.Where(f => f.Required).Select(f => f.Name)], [.. FileFields.Range.Select(Of), When()]);
        var parameter = setting.IsNumeric ? new JsonObject { ["oneOf"] = new JsonArray(values, range) } : values;
        parameter["description"] = setting.Doc;
        return parameter;
    }

    private static (string Name, JsonObject Schema) Of(Field field)
    {
        var schema = field.Domain.Schema();
        schema["description"] = field is Setting { ActsWith: { } condition } ? $"{field.Doc} Acts with {condition}." : field.Doc;
        if (field.Default is { } value) schema["default"] = Node(value);
        return (field.Name, schema);
    }

    private static (string Name, JsonObject Schema) Reference(Setting setting) =>
        (setting.Name, new JsonObject { ["$ref"] = $"#/$defs/{setting.Name}" });

    private static JsonObject Closed(ImmutableArray<string> required, params ImmutableArray<(string Name, JsonObject Schema)> properties)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, p.Schema))),
        };
        if (!required.IsEmpty) schema["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        return schema;
    }

    private static JsonNode Node(SettingValue value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue flag => flag.Value,
        ListValue list => new JsonArray([.. list.Items.Select(i => (JsonNode)i)]),
        _ => value.ToString(),
    };
}
