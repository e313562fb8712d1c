using System.Buffers.Binary;
using System.IO.Compression;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Grains.Training.Data;

/// <summary>Reads the MNIST family (format: LeCun, "THE IDX FILE FORMAT"). A byte of 255 becomes 1.</summary>
internal static class IdxSource
{
    private const int ImagesMagic = 0x0803, LabelsMagic = 0x0801;
    private const long MostBytes = 2L << 30;
    private const string Remedy = "Fetch the file anew.";

    public static Dataset Load(IdxData spec, CancellationToken cancellation)
    {
        if (FileLook.At(spec.Path) is { Kind: not FileKind.Folder } look)
        {
            string why = look.Kind == FileKind.Hidden ? look.Words : "is no folder";
            throw new SpecException(
                $"data.path: {spec.Path} {why}. Name the folder that holds train-images-idx3-ubyte and its companions, and put "
                + "them there where they are missing; docs/data.md says where they are had.");
        }

        var training = ReadPair(spec.Path, "train", cancellation, out int height, out int width);
        var test = ReadPair(spec.Path, "t10k", cancellation, out int testHeight, out int testWidth);
        if ((height, width) != (testHeight, testWidth))
        {
            throw new SpecException(
                $"{spec.Path}: training images are {height}x{width} and test images {testHeight}x{testWidth}, but must be "
                + "of one size. Check that the files belong together.");
        }
        if (spec.Validation < 1 || spec.Validation >= training.Count)
        {
            throw new SpecException($"data.validation: {spec.Validation} is outside 1..{training.Count - 1}, for they are taken from "
                + $"{training.Count} training images. Use fewer.");
        }

        var classNames = DatasetAssembly.NumberedClasses(spec.Path, training.Labels);
        var cut = Splitting.Cut(spec.Seed, training.Count, spec.Validation, test: 0);
        return DatasetAssembly.Assemble(spec.Path, height, width, classNames,
            Splitting.Take(training, cut.Train, height * width),
            Splitting.Take(training, cut.Validation, height * width),
            Splitting.Take(test, Splitting.Shuffled(spec.Seed, "test", test.Count), height * width));
    }

    private static ImageSplit ReadPair(string folder, string prefix, CancellationToken cancellation, out int height, out int width)
    {
        string imagesFile = Find(folder, $"{prefix}-images", "idx3-ubyte"), labelsFile = Find(folder, $"{prefix}-labels", "idx1-ubyte");
        var (images, sizes) = Read(imagesFile, ImagesMagic, dimensions: 3, cancellation);
        var (labels, _) = Read(labelsFile, LabelsMagic, dimensions: 1, cancellation);
        (height, width) = (sizes[1], sizes[2]);
        if (sizes[0] != labels.Length)
        {
            throw new SpecException($"{imagesFile}: {sizes[0]} images, but {labels.Length} labels in {Path.GetFileName(labelsFile)}. "
                + "The counts must be equal: fetch both files anew.");
        }

        var pixels = new float[images.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = images[i] / 255f;
        return new ImageSplit(pixels, Array.ConvertAll(labels, label => (int)label));
    }

    // Some mirrors write a dot for the second dash.
    private static string Find(string folder, string stem, string format)
    {
        string usual = Path.Combine(folder, $"{stem}-{format}"), dotted = Path.Combine(folder, $"{stem}.{format}");
        string[] candidates = [usual, usual + ".gz", dotted, dotted + ".gz"];
        // A link that leads nowhere is named as such when it is read.
        return candidates.FirstOrDefault(c => FileLook.At(c, follow: false).Kind != FileKind.Missing)
            ?? throw new SpecException($"{usual}: missing, with or without .gz. Put the four files of the MNIST family into this folder.");
    }

    /// <summary>The payload and the size along each dimension.</summary>
    private static (byte[] Payload, int[] Sizes) Read(string file, int magic, int dimensions, CancellationToken cancellation) =>
        WholeFile.Read("", file, Remedy, MostBytes, raw => Read(file, raw, magic, dimensions, cancellation));

    private static (byte[] Payload, int[] Sizes) Read(
        string file, FileStream raw, int magic, int dimensions, CancellationToken cancellation)
    {
        if (raw.Length == 0) throw new SpecException($"{file} is empty: 0 bytes. {Remedy}");
        var head = new byte[FileContent.Enough];
        int length = raw.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        raw.Position = 0;
        bool zipped = head is [0x1f, 0x8b, ..];
        using Stream stream = zipped ? new GZipStream(raw, CompressionMode.Decompress) : new BufferedStream(raw);
        try
        {
            var header = new byte[4 * (1 + dimensions)];
            stream.ReadExactly(header);
            int found = BinaryPrimitives.ReadInt32BigEndian(header);
            if (found != magic)
            {
                string? what = zipped ? null : FileContent.NameOf(head.AsSpan(0, length));
                string like = what is null ? "" : $", as {what} does";
                throw new SpecException(
                    $"{file}: begins with 0x{found:x8}{like}, but IDX bytes of {dimensions} dimension(s) begin with 0x{magic:x8}. "
                    + "Check that images and labels are not mixed up, and that this is the file that was asked for.");
            }
            var sizes = new int[dimensions];
            for (int i = 0; i < dimensions; i++) sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * (i + 1)));
            byte[] payload = new byte[PayloadLength(file, sizes)];
            const int Piece = 1 << 22;
            for (int at = 0; at < payload.Length; at += Piece)
            {
                cancellation.ThrowIfCancellationRequested();
                stream.ReadExactly(payload, at, Math.Min(Piece, payload.Length - at));
            }
            if (stream.ReadByte() >= 0)
                throw new SpecException(
                    $"{file}: longer than the {string.Join('x', sizes)} bytes that its header names. Fetch the file anew.");
            return (payload, sizes);
        }
        catch (EndOfStreamException)
        {
            throw new SpecException($"{file}: ends before the data that its header names; it is truncated. Fetch the file anew.");
        }
        catch (InvalidDataException e)
        {
            throw new SpecException($"{file}: cannot be unzipped ({e.Message}). Fetch the file anew.");
        }
    }

    private static int PayloadLength(string file, int[] sizes)
    {
        long length = 1;
        foreach (int size in sizes)
        {
            length = size < 1 ? 0 : length * size;
            if (length is < 1 or > int.MaxValue / 2)
            {
                throw new SpecException(
                    $"{file}: the header names {string.Join('x', sizes)} bytes, but each size must be at least 1 and all "
                    + "together at most 1 GiB. Fetch the file anew, or use a smaller set.");
            }
        }
        return (int)length;
    }
}
