using System.Buffers.Binary;
using System.IO.Compression;
using Grains.Interfaces.Model;

namespace Tests.Unit.Data;

public sealed class IdxSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private IdxData Spec => new() { Path = _folder.Path, Validation = 4 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SplitsPartitionTheTrainingFileAndKeepLabelsWithImages()
    {
        WriteAll();
        var data = Load.Of(Spec);
        Assert.Equal(new DataIdentity(data.Identity.Digest, 2, 3, 2, 8, 4, 6), data.Identity);
        Assert.Equal(["0", "1"], data.ClassNames);
        // Image i of the file is all i, and its label is i mod 2.
        var numbers = data.Train.Pixels.Chunk(6)
            .Concat(data.Validation.Pixels.Chunk(6)).Select(image => (int)Math.Round(image[0] * 255)).ToArray();
        Assert.Equal(Enumerable.Range(0, 12), numbers.Order());
        Assert.Equal(numbers.Select(number => number % 2), data.Train.Labels.Concat(data.Validation.Labels));
    }

    [Fact]
    public void ZippedAndPlainFilesAreTheSameData()
    {
        WriteAll();
        var plain = Load.Of(Spec).Identity;
        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            using (var zip = new GZipStream(File.Create(file + ".gz"), CompressionLevel.Fastest)) zip.Write(File.ReadAllBytes(file));
            File.Delete(file);
        }
        Assert.Equal(plain, Load.Of(Spec).Identity);
        Assert.NotEqual(plain.Digest, Load.Of(Spec with { Seed = 2 }).Identity.Digest);
    }

    [Fact]
    public void AMissingFolderOrFileIsNamed()
    {
        Load.Refuses(Spec with { Path = _folder.Path + "-not" }, "data.path: ", "-not is no folder");
        WriteAll();
        File.Delete(Path.Combine(_folder.Path, "t10k-labels-idx1-ubyte"));
        Load.Refuses(Spec, "t10k-labels-idx1-ubyte: missing", "four files");
    }

    [Fact]
    public void ATruncatedFileIsNamed()
    {
        WriteAll();
        string file = Path.Combine(_folder.Path, "train-images-idx3-ubyte");
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^1]);
        Load.Refuses(Spec, file, "truncated");
        File.WriteAllBytes(file, whole[..7]);
        Load.Refuses(Spec, file, "truncated");
        File.WriteAllBytes(file, [.. whole, 0]);
        Load.Refuses(Spec, file, "longer");
    }

    [Fact]
    public void ATruncatedZipIsNamed()
    {
        WriteAll();
        string file = Path.Combine(_folder.Path, "train-images-idx3-ubyte");
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest)) zip.Write(File.ReadAllBytes(file));
        File.WriteAllBytes(file, memory.ToArray()[..30]);
        Load.Refuses(Spec, file);
    }

    [Fact]
    public void ImagesInPlaceOfLabelsAreNoticed()
    {
        WriteAll();
        File.Copy(Path.Combine(_folder.Path, "train-images-idx3-ubyte"),
            Path.Combine(_folder.Path, "train-labels-idx1-ubyte"), overwrite: true);
        Load.Refuses(Spec, "train-labels-idx1-ubyte", "0x00000803", "mixed up");
    }

    [Fact]
    public void UnequalCountsAndSizesAreNoticed()
    {
        WriteAll();
        _folder.Write("train-labels-idx1-ubyte", Labels(11));
        Load.Refuses(Spec, "12 images, but 11 labels");
        WriteAll();
        _folder.Write("t10k-images-idx3-ubyte", Images(6, 3, 3));
        Load.Refuses(Spec, "2x3", "3x3", "one size");
    }

    [Fact]
    public void LabelsThatDoNotMatchAreNoticed()
    {
        WriteAll();
        var labels = Labels(6);
        labels[^1] = 7;
        _folder.Write("t10k-labels-idx1-ubyte", labels);
        Load.Refuses(Spec, "test label 7 is outside 0..1");

        labels = Labels(12);
        labels[^1] = 5;
        WriteAll();
        _folder.Write("train-labels-idx1-ubyte", labels);
        Load.Refuses(Spec, "class '2' has 0 of 8");
    }

    [Fact]
    public void MoreValidationThanImagesIsRefused()
    {
        WriteAll();
        Load.Refuses(Spec with { Validation = 12 }, "data.validation: 12 is outside 1..11");
    }

    [Fact]
    public void FashionMnistIsRead()
    {
        var data = Load.Of(new IdxData { Path = SharedData.OrSkip("fashion-mnist") });
        Assert.Equal(new DataIdentity(data.Identity.Digest, 28, 28, 10, 55000, 5000, 10000), data.Identity);
        Assert.All(data.Test.Labels.CountBy(label => label), count => Assert.Equal(1000, count.Value));
        // The published mean is 0.2860 over the training file's pixels.
        double mean = (data.Train.Pixels.Sum(pixel => (double)pixel) +
            data.Validation.Pixels.Sum(pixel => (double)pixel)) / (60000.0 * 28 * 28);
        Assert.Equal(0.2860, mean, 3);
    }

    [Fact]
    public void EmptyDanglingAndForeignFilesAreToldApart()
    {
        WriteAll();
        string file = _folder.Write("train-images-idx3-ubyte", "");
        Load.Refuses(Spec, file, "is empty: 0 bytes");
        _folder.Write("train-images-idx3-ubyte", "<!DOCTYPE html><html><body>404");
        Load.Refuses(Spec, "as a web page does");
        File.Delete(file);
        File.CreateSymbolicLink(file, "elsewhere");
        Load.Refuses(Spec, $"{file} is a link to elsewhere, which is not there");
        File.Delete(file);
        File.CreateSymbolicLink(file, "/dev/zero");
        Load.Refuses(Spec, $"{file} is a device");
    }

    [Fact]
    public void ImagesWithoutADifferenceAreRefused()
    {
        WriteAll();
        _folder.Write("train-images-idx3-ubyte", [.. Images(12, 2, 3)[..16], .. new byte[72]]);
        Load.Refuses(Spec, "all 8 training images are equal");
    }

    private void WriteAll()
    {
        _folder.Write("train-images-idx3-ubyte", Images(12, 2, 3));
        _folder.Write("train-labels-idx1-ubyte", Labels(12));
        _folder.Write("t10k-images-idx3-ubyte", Images(6, 2, 3));
        _folder.Write("t10k-labels-idx1-ubyte", Labels(6));
    }

    private static byte[] Images(int count, int height, int width) =>
        [.. Int(0x0803), .. Int(count), .. Int(height), .. Int(width),
            .. Enumerable.Range(0, count * height * width).Select(i => (byte)(i / (height * width)))];

    private static byte[] Labels(int count) => [.. Int(0x0801), .. Int(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 2))];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
