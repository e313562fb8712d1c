using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// The source of the images. Paths are absolute by the time a spec leaves the client. Counts are numbers of images. Each split is in a
/// fixed order, so that a limit always means the same images.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "source")]
[JsonDerivedType(typeof(PhantomData), "xray-phantom")]
[JsonDerivedType(typeof(IdxData), "idx")]
[JsonDerivedType(typeof(ImageFolderData), "image-folder")]
[JsonDerivedType(typeof(CsvData), "csv")]
public abstract record DataSpec;

/// <summary>Images that are drawn, not photographed: 32×32 grey patches of background, clavicles, lungs and heart.</summary>
public sealed record PhantomData : DataSpec
{
    /// <summary>The bounds of each split, from an image of each class to what a silo draws within minutes.</summary>
    public const int FewestImages = 4, MostImages = 1_000_000;

    public int Train { get; init; } = 6000;

    public int Validation { get; init; } = 1500;

    public int Test { get; init; } = 1500;

    public long Seed { get; init; } = 1;

    /// <summary>The share of the training labels that are replaced by a random class, 0..1.</summary>
    public double LabelNoise { get; init; }
}

/// <summary>
/// The MNIST family: IDX files, gzipped or not, in one folder under their usual names (train-images-idx3-ubyte[.gz] …).
/// </summary>
public sealed record IdxData : DataSpec
{
    public required string Path { get; init; }

    /// <summary>The number of images taken from the end of the training file, after a seeded shuffle, for validation.</summary>
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

    /// <summary>The share of all images, 0..1. It is used only where the folder has no subfolders for the splits.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    public double TestFraction { get; init; } = 0.2;

    public long Seed { get; init; } = 1;
}

/// <summary>The place that names an image's class.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassFrom>))]
public enum ClassFrom
{
    [JsonStringEnumMemberName("folder")] Folder,
    /// <summary>The last letter of the file name before the extension, as in the study's patches.</summary>
    [JsonStringEnumMemberName("file_suffix")] FileSuffix,
}

/// <summary>A file with one image a line: Height·Width pixels, then an integer label, comma separated. A header line is skipped.</summary>
public sealed record CsvData : DataSpec
{
    /// <summary>Training file.</summary>
    public required string Train { get; init; }

    /// <summary>The test file; null takes <see cref="TestFraction"/> of the training file.</summary>
    public string? Test { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>The pixel value that becomes 1.</summary>
    public double MaxValue { get; init; } = 255;

    /// <summary>The share of the training file, 0..1.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    public double TestFraction { get; init; } = 0.2;

    public long Seed { get; init; } = 1;
}

/// <summary>The identity of a decoded data set. It suffices to name the data in a recipe and to size a network for them.</summary>
/// <param name="Digest">The digest over the decoded pixels, labels and splits.</param>
/// <param name="Train">The number of images in the split.</param>
public sealed record DataIdentity(Digest Digest, int Height, int Width, int Classes, int Train, int Validation, int Test);
