using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;

namespace Grains.Sweeps;

/// <summary>
/// A kept checkpoint in the form that somebody else needs. It has the same tensors, byte for byte, and the header's `__metadata__` tells
/// what they are the weights of. The kept file stays as it is, since its bytes are its name.
/// </summary>
public static class ExportedWeights
{
    private const int LengthBytes = 8, Alignment = 8;

    // People read the header, so a quotation mark and a × stay as they are.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file in pieces.</summary>
    /// <param name="kept">A safetensors file without metadata.</param>
    public static IEnumerable<byte[]> Pieces(byte[] kept, IReadOnlyDictionary<string, string> about, int pieceBytes)
    {
        int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(kept));
        yield return Header(kept.AsSpan(LengthBytes, length), about);
        for (int offset = LengthBytes + length; offset < kept.Length; offset += pieceBytes)
            yield return kept[offset..Math.Min(kept.Length, offset + pieceBytes)];
    }

    /// <summary>
    /// All that a reader of the file needs to run the network on images of its own. Values are text, as safetensors asks; lists and objects
    /// are JSON.
    /// </summary>
    /// <param name="kept">The digest of the stored bytes, which have no metadata.</param>
    public static SortedDictionary<string, string> About(TrialId trial, int epoch, ClassifierRecipe recipe, DataSpec data,
        IReadOnlyList<string> classes, Digest kept)
    {
        var model = recipe.Configuration.Model;
        var network = Network.Of(model, recipe.Data.Height, recipe.Data.Width, recipe.Data.Classes);
        var about = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["sweep"] = trial.Sweep.Value,
            ["trial"] = $"{trial.Number}",
            ["epoch"] = $"{epoch}",
            ["recipe"] = recipe.Digest().Value,
            ["weights"] = kept.Value,
            ["architecture"] = Canonical.Json(model),
            ["layers"] = Text(new JsonArray([.. network.Layers.Select(l => (JsonNode)Describe(l))])),
            ["input"] = Text(new JsonArray(1, recipe.Data.Height, recipe.Data.Width)),
            ["classes"] = Text(new JsonArray([.. classes.Select(c => (JsonNode)JsonValue.Create(c))])),
            ["preprocessing"] = Text(Preprocessing(recipe.Data, data)),
        };
        if (network.Layers.OfType<Nonlinearity>().FirstOrDefault() is { } nonlinearity)
            about["activation"] = Word(nonlinearity.Activation.Kind);
        if (model.BatchNorm is { } norm)
        {
            about["batch_norm"] = "after activation";
            about["batch_norm_epsilon"] = Number(norm.Epsilon);
        }
        return about;
    }

    private static byte[] Header(ReadOnlySpan<byte> kept, IReadOnlyDictionary<string, string> about)
    {
        var tensors = JsonNode.Parse(kept)!.AsObject();
        tensors.Remove("__metadata__");
        var all = new JsonObject
        {
            ["__metadata__"] = new JsonObject(
            about.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)JsonValue.Create(a.Value))))
        };
        foreach (var (name, tensor) in tensors) all[name] = tensor!.DeepClone();

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(all);
        int padded = (json.Length + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[LengthBytes + padded];
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        json.CopyTo(header, LengthBytes);
        header.AsSpan(LengthBytes + json.Length).Fill((byte)' ');
        return header;
    }

    /// <summary>The layers, in the order in which an image passes them.</summary>
    private static JsonObject Describe(Layer layer)
    {
        var described = layer switch
        {
            Convolution => new JsonObject { ["kind"] = "convolution", ["kernel"] = new JsonArray(3, 3), ["stride"] = 1, ["padding"] = 1 },
            Linear => new JsonObject { ["kind"] = "linear" },
            Normalization n => new JsonObject { ["kind"] = "batch_norm", ["epsilon"] = n.Settings.Epsilon },
            Nonlinearity { Activation: { Slope: { } slope } leaky } => new JsonObject { ["kind"] = Word(leaky.Kind), ["slope"] = slope },
            Nonlinearity n => new JsonObject { ["kind"] = Word(n.Activation.Kind) },
            Dropout d => new JsonObject { ["kind"] = "dropout", ["rate"] = d.Rate, ["acts_in"] = "training" },
            MaxPooling => new JsonObject { ["kind"] = "max_pooling", ["kernel"] = new JsonArray(2, 2), ["stride"] = 2 },
            Flatten => new JsonObject { ["kind"] = "flatten" },
            _ => throw new InvalidOperationException($"No description of {layer.GetType().Name}."),
        };
        described.Insert(0, "name", layer.Name);
        described["output"] = new JsonArray([.. layer.Output.Select(n => (JsonNode)n)]);
        return described;
    }

    private static JsonObject Preprocessing(DataIdentity identity, DataSpec data)
    {
        var steps = new JsonObject { ["channels"] = "grey", ["height"] = identity.Height, ["width"] = identity.Width };
        switch (data)
        {
            case PhantomData:
                steps["scale"] = "drawn as 0..1";
                break;
            case IdxData:
                steps["scale"] = "byte / 255";
                break;
            case ImageFolderData:
                steps["grey"] = "0.299 R + 0.587 G + 0.114 B";
                steps["scale"] = "byte / 255";
                steps["resize"] = "to height × width, mipmaps when shrinking, cubic when enlarging";
                break;
            case CsvData csv:
                steps["scale"] = $"value / {Number(csv.MaxValue)}";
                break;
            default:
                throw new InvalidOperationException($"No preprocessing of {data.GetType().Name}.");
        }
        return steps;
    }

    private static string Word(ActivationKind kind) => JsonSerializer.SerializeToNode(kind)!.GetValue<string>();

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonNode json) => json.ToJsonString(Readable);
}
