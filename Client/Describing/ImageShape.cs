using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Client.Describing;

/// <summary>
/// The shape for which a network is laid out, seen without decoding the data. Silos look at every image before a trial starts.
/// </summary>
/// <param name="Assumption">What could not be seen, for people; null when all of it was.</param>
internal sealed record ImageShape(int Height, int Width, int Classes, string? Assumption = null)
{
    private const int UsualClasses = 10, MostLabels = 100_000;

    public static ImageShape Of(DataSpec data)
    {
        try
        {
            return data switch
            {
                PhantomData => new(32, 32, 4),
                IdxData idx => OfIdx(idx.Path),
                ImageFolderData folder => new(folder.Height, folder.Width, ClassesIn(folder)),
                CsvData csv => new(csv.Height, csv.Width, ClassesIn(csv)),
                _ => throw new InvalidOperationException($"No look at {data.GetType().Name}."),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or SpecException)
        {
            var (height, width) = data switch
            {
                ImageFolderData folder => (folder.Height, folder.Width),
                CsvData csv => (csv.Height, csv.Width),
                _ => (28, 28),
            };
            string assumed = $"{height}×{width} images of {UsualClasses} classes are assumed";
            return new(height, width, UsualClasses, $"the data could not be looked at ({e.Message.TrimEnd('.')}); {assumed}");
        }
    }

    /// <summary>
    /// Reads big-endian headers: magic, count, height and width for images; magic, count and then a byte per label for labels.
    /// </summary>
    private static ImageShape OfIdx(string folder)
    {
        Span<byte> head = stackalloc byte[16];
        using (var images = Open(folder, "train-images-idx3-ubyte")) images.ReadExactly(head);
        int height = BinaryPrimitives.ReadInt32BigEndian(head[8..]), width = BinaryPrimitives.ReadInt32BigEndian(head[12..]);

        using var labels = new MemoryStream();
        using (var file = Open(folder, "train-labels-idx1-ubyte")) file.CopyTo(labels);
        int highest = 0;
        foreach (byte label in labels.GetBuffer().AsSpan(0, (int)labels.Length)[8..]) highest = Math.Max(highest, label);
        return new(height, width, highest + 1);
    }

    private static Stream Open(string folder, string name)
    {
        string plain = Path.Combine(folder, name), zipped = $"{plain}.gz";
        if (FileKinds.Of(plain) == FileKind.Special || FileKinds.Of(zipped) == FileKind.Special)
            throw new IOException($"{plain} is no regular file");
        return File.Exists(zipped) && !File.Exists(plain)
            ? new GZipStream(File.OpenRead(zipped), CompressionMode.Decompress)
            : File.OpenRead(plain);
    }

    private static int ClassesIn(ImageFolderData data) => Math.Max(1, ImageFolderLayout.Of(data, CancellationToken.None).ClassNames.Length);

    private static int ClassesIn(CsvData data)
    {
        int highest = 0, column = CsvLayout.Look("data.train", data.Train, data.Height * data.Width).LabelColumn;
        foreach (string line in File.ReadLines(data.Train))
        {
            bool last = column == data.Height * data.Width;
            string? field = last ? line[(line.LastIndexOf(',') + 1)..] : line.Split(',', column + 2).ElementAtOrDefault(column);
            bool number = double.TryParse(CsvLayout.Plain(field), CultureInfo.InvariantCulture, out double label);
            if (number && label is >= 0 and < MostLabels) highest = Math.Max(highest, (int)label);
        }
        return highest + 1;
    }
}
