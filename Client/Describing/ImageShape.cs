using System.Buffers.Binary;
using System.IO.Compression;
using Grains.Interfaces.Model;

namespace Client.Describing;

/// <summary>What a network is laid out for, seen without decoding the data; silos look at every image before a trial starts.</summary>
/// <param name="Assumption">What could not be seen, for people; null when all of it was.</param>
internal sealed record ImageShape(int Height, int Width, int Classes, string? Assumption = null)
{
    private const int UsualClasses = 10;

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            var (height, width) = data switch
            {
                ImageFolderData folder => (folder.Height, folder.Width),
                CsvData csv => (csv.Height, csv.Width),
                _ => (28, 28),
            };
            return new(height, width, UsualClasses, $"the data could not be looked at ({e.Message}); {height}×{width} images of {UsualClasses} classes are assumed");
        }
    }

    /// <summary>Big-endian: magic, count, height, width; and magic, count, then a byte per label.</summary>
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
        return File.Exists(zipped) && !File.Exists(plain) ? new GZipStream(File.OpenRead(zipped), CompressionMode.Decompress) : File.OpenRead(plain);
    }

    private static int ClassesIn(ImageFolderData data)
    {
        string train = Path.Combine(data.Path, "train");
        string root = Directory.Exists(train) ? train : data.Path;
        int count = data.ClassFrom == ClassFrom.Folder
            ? Directory.GetDirectories(root).Length
            : Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)[^1]).Distinct().Count();
        return Math.Max(1, count);
    }

    private static int ClassesIn(CsvData data)
    {
        int highest = 0;
        foreach (string line in File.ReadLines(data.Train))
            if (int.TryParse(line.AsSpan(line.LastIndexOf(',') + 1), out int label)) highest = Math.Max(highest, label);
        return highest + 1;
    }
}
