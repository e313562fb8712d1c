using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// Where images come from. Paths are absolute by the time a spec leaves the client. Counts are images; each split is in a fixed
/// order, so that a limit always means the same images.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "source")]
[JsonDerivedType(typeof(PhantomData), "xray-phantom")]
[JsonDerivedType(typeof(IdxData), "idx")]
[JsonDerivedType(typeof(ImageFolderData), "image-folder")]
[JsonDerivedType(typeof(CsvData), "csv")]
public abstract record DataSpec;

/// <summary>Drawn, not photographed: 32×32 grey patches of background, clavicles, lungs and heart.</summary>
public sealed record PhantomData : DataSpec
{
    /// <summary>Bounds of each split: an image of each class, and what a silo draws within minutes.</summary>
    public const int FewestImages = 4, MostImages = 1_000_000;

    public int Train { get; init; } = 6000;

    public int Validation { get; init; } = 1500;

    public int Test { get; init; } = 1500;

    public long Seed { get; init; } = 1;

    /// <summary>Share of the training labels that are replaced by a random class, 0..1.</summary>
    public double LabelNoise { get; init; }
}

/// <summary>The MNIST family: IDX files, gzipped or not, in one folder under their usual names (train-images-idx3-ubyte[.gz] …).</summary>
public sealed record IdxData : DataSpec
{
    public required string Path { get; init; }

    /// <summary>Images taken from the end of the training file, after a seeded shuffle, for validation.</summary>
    public int Validation { get; init; } = 5000;

    public long Seed { get; init; } = 1;
}

/// <summary>
/// A folder of PNG and JPEG files. Splits are the subfolders train, validation and test, or, when there are none, seeded fractions.
/// </summary>
public sealed record ImageFolderData : DataSpec
{
    public required string Path { get; init; }

    public int Height { get; init; } = 32;

    public int Width { get; init; } = 32;

    public ClassFrom ClassFrom { get; init; } = ClassFrom.Folder;

    /// <summary>Share of all images, 0..1; used only where the folder has no subfolders for the splits.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    public double TestFraction { get; init; } = 0.2;

    public long Seed { get; init; } = 1;
}

/// <summary>What names an image's class.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassFrom>))]
public enum ClassFrom
{
    [JsonStringEnumMemberName("folder")] Folder,
    /// <summary>The last letter of the file name before the extension, as in the study's patches.</summary>
    [JsonStringEnumMemberName("file_suffix")] FileSuffix,
}

/// <summary>One image a line: Height·Width pixels, then an integer label, comma separated. A header line is skipped.</summary>
public sealed record CsvData : DataSpec
{
    /// <summary>Training file.</summary>
    public required string Train { get; init; }

    /// <summary>Test file; null takes <see cref="TestFraction"/> of the training file.</summary>
    public string? Test { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>The pixel value that becomes 1.</summary>
    public double MaxValue { get; init; } = 255;

    /// <summary>Share of the training file, 0..1.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    public double TestFraction { get; init; } = 0.2;

    public long Seed { get; init; } = 1;
}

/// <summary>What a data set turned out to be, once decoded: enough to name it in a recipe and to size a network for it.</summary>
/// <param name="Digest">Over the decoded pixels, labels and splits.</param>
/// <param name="Train">Images in the split.</param>
public sealed record DataIdentity(Digest Digest, int Height, int Width, int Classes, int Train, int Validation, int Test);
