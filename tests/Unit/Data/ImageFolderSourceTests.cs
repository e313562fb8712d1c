using Grains.Interfaces.Model;
using SkiaSharp;

namespace Tests.Unit.Data;

public sealed class ImageFolderSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private ImageFolderData Spec => new() { Path = _folder.Path, Height = 4, Width = 4 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SubfoldersAreClassesAndFractionsAreSplits()
    {
        WriteClasses("", 10);
        var data = Load.Of(Spec);
        Assert.Equal(["dark", "light"], data.ClassNames);
        Assert.Equal(new DataIdentity(data.Identity.Digest, 4, 4, 2, 12, 4, 4), data.Identity);
        Assert.All(data.Train.Labels.Zip(data.Train.Pixels.Chunk(16)), pair => Assert.Equal(pair.First, pair.Second[5] > 0.5f ? 1 : 0));
    }

    [Fact]
    public void SubfoldersAreSplitsWhereThereAreThree()
    {
        WriteClasses("train/", 5);
        WriteClasses("validation/", 2);
        WriteClasses("test/", 1);
        Assert.Equal((10, 4, 2), Sizes(Load.Of(Spec).Identity));
        Directory.Delete(Path.Combine(_folder.Path, "validation"), recursive: true);
        Load.Refuses(Spec, "has train and test, but not validation");
    }

    [Fact]
    public void TheOrderInWhichFilesWereMadeDoesNotMatter()
    {
        WriteClasses("", 6);
        var forward = Load.Of(Spec).Identity;
        foreach (string file in Directory.GetFiles(_folder.Path, "*.png", SearchOption.AllDirectories).OrderDescending())
        {
            byte[] content = File.ReadAllBytes(file);
            File.Delete(file);
            File.WriteAllBytes(file, content);
        }
        Assert.Equal(forward, Load.Of(Spec).Identity);
    }

    [Fact]
    public void TheLastLetterOfTheNameIsAClass()
    {
        for (int i = 0; i < 6; i++)
        {
            _folder.WriteImage($"patch{i}h.png", new SKColor(200, 200, 200));
            _folder.WriteImage($"deeper/patch{i}a.jpg", new SKColor(20, 20, 20), format: SKEncodedImageFormat.Jpeg);
        }
        var spec = Spec with { ClassFrom = ClassFrom.FileSuffix };
        Assert.Equal(["a", "h"], Load.Of(spec).ClassNames);
        _folder.WriteImage("patch7.png", SKColors.White);
        Load.Refuses(spec, "patch7.png", "does not end in a letter");
    }

    [Fact]
    public void GreyIsTheWeightedSumOfTheColours()
    {
        WriteClasses("train/", 1);
        WriteClasses("validation/", 1);
        _folder.WriteImage("test/light/red.png", new SKColor(255, 0, 0));
        Assert.All(Load.Of(Spec).Test.Pixels, pixel => Assert.Equal(0.299f, pixel, 3));
        _folder.WriteImage("test/light/red.png", new SKColor(0, 255, 0), 4, 4);
        Assert.All(Load.Of(Spec).Test.Pixels, pixel => Assert.Equal(0.587f, pixel));
        _folder.WriteImage("test/light/red.png", new SKColor(0, 0, 255), 3, 2);
        Assert.All(Load.Of(Spec).Test.Pixels, pixel => Assert.Equal(0.114f, pixel, 3));
        // Half transparent white lies on black.
        _folder.WriteImage("test/light/red.png", new SKColor(255, 255, 255, 128));
        Assert.All(Load.Of(Spec).Test.Pixels, pixel => Assert.Equal(128 / 255f, pixel, 2));
    }

    // Made by hand: what Skia's own encoder does not write.
    [Theory]
    [InlineData("grey, 16 bit", 0, 16, new byte[] { 0x80, 0x00 }, 0.5)]
    [InlineData("grey, 8 bit", 0, 8, new byte[] { 0x40 }, 0.25)]
    [InlineData("palette", 3, 8, new byte[] { 1 }, 0.8)]
    [InlineData("colour, 16 bit", 2, 16, new byte[] { 0xff, 0xff, 0, 0, 0, 0 }, 0.299)]
    [InlineData("grey with alpha", 4, 8, new byte[] { 0xc0, 0xff }, 0.75)]
    public void EveryModeOfPngIsRead(string mode, byte colourType, byte depth, byte[] pixel, double expected)
    {
        WriteClasses("train/", 1);
        WriteClasses("validation/", 1);
        _folder.Write("test/light/one.png", Png.Encode(4, 4, colourType, depth, pixel, palette: [0, 0, 0, 204, 204, 204]));
        Assert.All(Load.Of(Spec).Test.Pixels, value => Assert.True(Math.Abs(expected - value) < 0.006, $"{mode}: {value}, expected {expected}"));
    }

    [Fact]
    public void ContentAndNotExtensionDecides()
    {
        WriteClasses("", 6);
        _folder.WriteImage("light/actually-jpeg.png", SKColors.White, format: SKEncodedImageFormat.Jpeg);
        _folder.Write("light/.DS_Store", "left by a desktop");
        Assert.Equal(13, Total(Load.Of(Spec).Identity));
        string file = _folder.Write("light/text.png", "no image");
        Load.Refuses(Spec, file, "neither PNG nor JPEG");
    }

    [Fact]
    public void ADamagedImageIsNamed()
    {
        WriteClasses("", 6);
        string file = _folder.WriteImage("light/cut.png", SKColors.White, 64, 64);
        byte[] content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, content[..(content.Length / 2)]);
        Load.Refuses(Spec, file);
    }

    [Fact]
    public void AnImageWithoutAClassFolderIsNamed()
    {
        WriteClasses("", 6);
        Load.Refuses(Spec, _folder.WriteImage("stray.png", SKColors.White), "lies in no class folder", "file_suffix");
    }

    [Fact]
    public void AClassWithoutTrainingImagesIsNamed()
    {
        WriteClasses("train/", 2);
        WriteClasses("validation/", 2);
        WriteClasses("test/", 2);
        _folder.WriteImage("test/lungs/1.png", SKColors.White);
        Load.Refuses(Spec, "class 'lungs' has 0 of 4 training images");
    }

    [Fact]
    public void AnEmptyFolderIsRefused() => Load.Refuses(Spec, "0 images");

    private void WriteClasses(string prefix, int each)
    {
        for (int i = 0; i < each; i++)
        {
            _folder.WriteImage($"{prefix}dark/{i}.png", new SKColor(10, (byte)i, 10));
            _folder.WriteImage($"{prefix}light/{i}.png", new SKColor(240, 240, (byte)(240 + i)), 5 + i, 9);
        }
    }

    private static (int, int, int) Sizes(DataIdentity data) => (data.Train, data.Validation, data.Test);

    private static int Total(DataIdentity data) => data.Train + data.Validation + data.Test;
}
