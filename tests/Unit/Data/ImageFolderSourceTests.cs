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
        Directory.Delete(Path.Combine(_folder.Path, "train"), recursive: true);
        Load.Refuses(Spec, "has test and validation, but not train", "train or training; validation or val or valid; test or testing");
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

    // These are made by hand, because Skia's own encoder does not write them.
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
        Assert.All(Load.Of(Spec).Test.Pixels,
            value => Assert.True(Math.Abs(expected - value) < 0.006, $"{mode}: {value}, expected {expected}"));
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

    [Theory]
    [InlineData("Training", "Valid", "Testing")]
    [InlineData("TRAIN", "val", "TEST")]
    [InlineData("train", "Validation", "testing")]
    public void SplitsAreKnownByTheirUsualNames(string train, string validation, string test)
    {
        WriteClasses("train/", 5);
        WriteClasses("validation/", 2);
        WriteClasses("test/", 1);
        var usual = Load.Of(Spec).Identity;
        Directory.Move(_folder.In("train"), _folder.In("1"));
        Directory.Move(_folder.In("validation"), _folder.In("2"));
        Directory.Move(_folder.In("test"), _folder.In("3"));
        Directory.Move(_folder.In("1"), _folder.In(train));
        Directory.Move(_folder.In("2"), _folder.In(validation));
        Directory.Move(_folder.In("3"), _folder.In(test));
        Assert.Equal(usual, Load.Of(Spec).Identity);
    }

    [Fact]
    public void ValidationIsTakenFromTheTrainingImagesWhereItHasNoFolder()
    {
        WriteClasses("Training/", 10);
        WriteClasses("Testing/", 2);
        var data = Load.Of(Spec);
        Assert.Equal((16, 4, 4), Sizes(data.Identity));
        Assert.Contains(data.Notes, n => n.Contains("no folder for validation (validation or val or valid), " +
            "so that 20 % of the training images are taken", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoFoldersOfOneSplitAreRefused()
    {
        WriteClasses("train/", 1);
        WriteClasses("Training/", 1);
        Load.Refuses(Spec, "Training and train both name the train images");
    }

    [Fact]
    public void WhatStandsBesideTheSplitsIsPassedOverAndSaid()
    {
        WriteClasses("train/", 2);
        WriteClasses("test/", 1);
        _folder.Write("README.txt", "of the data");
        _folder.WriteImage("extra/dark/1.png", SKColors.White);
        Assert.Contains($"{_folder.Path}: passed over README.txt, extra: " +
            "each stands beside the folders of the splits.", Load.Of(Spec).Notes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train/")]
    [InlineData("validation/")]
    public void ClassFolderWithoutImagesIsAMistake(string split)
    {
        if (split.Length == 0) WriteClasses("", 5);
        else foreach (string part in (string[])["train/", "validation/", "test/"]) WriteClasses(part, 2);
        _folder.Write($"{split}medium/.keep", "");
        Load.Refuses(Spec, $"{split}medium: class 'medium' has no image. Add images, or remove the folder.");
    }

    [Fact]
    public void HiddenFoldersAreNoClassesAndGiveNoImages()
    {
        WriteClasses("", 5);
        var before = Load.Of(Spec).Identity;
        _folder.WriteImage(".ipynb_checkpoints/dark0-checkpoint.png", SKColors.White);
        _folder.WriteImage("dark/.ipynb_checkpoints/white.png", SKColors.White);
        _folder.WriteImage("light/@eaDir/thumb.png", SKColors.Black);
        var data = Load.Of(Spec);
        Assert.Equal(before, data.Identity);
        Assert.Contains(data.Notes, n => n.Contains("passed over .ipynb_checkpoints, dark/.ipynb_checkpoints, light/@eaDir: each is hidden",
            StringComparison.Ordinal));
    }

    [Fact]
    public void LinksThatLoopChangeNothing()
    {
        WriteClasses("", 5);
        var before = Load.Of(Spec).Identity;
        File.CreateSymbolicLink(_folder.In("dark/loop"), "..");
        File.CreateSymbolicLink(_folder.In("light/loop"), "..");
        var data = Load.Of(Spec);
        Assert.Equal(before, data.Identity);
        Assert.Contains(data.Notes, n => n.Contains("passed over dark/loop, light/loop: each is a link back to the data folder",
            StringComparison.Ordinal));
    }

    [Fact]
    public void TwoClassesOfOneFolderAreAMistake()
    {
        WriteClasses("", 5);
        File.CreateSymbolicLink(_folder.In("lighter"), "light");
        Load.Refuses(Spec, "class 'lighter' has no image, for it is a link to light, which is read once");
    }

    [Fact]
    public void SplitsThatAreOneFolderAreAMistake()
    {
        WriteClasses("train/", 5);
        WriteClasses("test/", 5);
        File.CreateSymbolicLink(_folder.In("val"), "test");
        Load.Refuses(Spec, "val is a link to test, which is read once");
    }

    [Theory]
    [InlineData("validation")]
    [InlineData("test")]
    public void SplitThatLacksAClassIsWarnedOf(string split)
    {
        foreach (string part in (string[])["train/", "validation/", "test/"]) WriteClasses(part, 2);
        Directory.Delete(_folder.In($"{split}/light"), recursive: true);
        Assert.Contains($"{_folder.Path}: no {split} image of class light, so that {split} results say nothing of it. Add images, " +
            "or leave the class out.",
            Load.Of(Spec).Notes);
    }

    [Fact]
    public void FolderOfOneClassFolderIsToldWhatToName()
    {
        WriteClasses("images/", 5);
        Load.Refuses(Spec, "1 class folder (images)", "Name the folder that holds the class folders");
    }

    [Fact]
    public void ImagesWithoutADifferenceAreRefused()
    {
        for (int i = 0; i < 6; i++)
        {
            _folder.WriteImage($"dark/{i}.png", new SKColor(0, 0, 0, (byte)(40 * i)));
            _folder.WriteImage($"light/{i}.png", new SKColor(0, 0, 0, 255));
        }
        Load.Refuses(Spec, "all 8 training images are equal", "transparent");
    }

    [Fact]
    public void ImagesThatHardlyDifferAreRefusedAndDarkOnesSaid()
    {
        for (int i = 0; i < 6; i++)
        {
            _folder.WriteImage($"dark/{i}.png", new SKColor(0, 0, 0));
            _folder.WriteImage($"light/{i}.png", new SKColor(2, 2, 2));
        }
        Load.Refuses(Spec, "its pixels span 0..0.0078", "Stretch the images");
        for (int i = 0; i < 6; i++) _folder.WriteImage($"light/{i}.png", new SKColor(20, 20, 20));
        Assert.Contains(Load.Of(Spec).Notes, n => n.Contains("its pixels span 0..0.0784", StringComparison.Ordinal));
    }

    [Fact]
    public void ColourThatTurnsGreyAndPartsThatTurnBlackAreSaid()
    {
        for (int i = 0; i < 5; i++)
        {
            _folder.WriteImage($"dark/{i}.png", new SKColor(10, 10, 10));
            _folder.WriteImage($"light/{i}.jpg", new SKColor(240, 238, 241), format: SKEncodedImageFormat.Jpeg);
        }
        Assert.DoesNotContain(Load.Of(Spec).Notes,
            n => n.Contains("colour", StringComparison.Ordinal) || n.Contains("transparent", StringComparison.Ordinal));
        _folder.WriteImage("dark/red.png", new SKColor(200, 0, 0));
        _folder.WriteImage("light/red.jpg", new SKColor(200, 0, 0), format: SKEncodedImageFormat.Jpeg);
        _folder.WriteImage("light/half.png", new SKColor(200, 200, 200, 100));
        var notes = Load.Of(Spec).Notes;
        Assert.Contains(notes, n => n.Contains("2 of 13 images are in colour and are read as grey", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.Contains("1 of 13 images have transparent parts, which are read as black", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(240, 255)]
    [InlineData(1000, 1023)]
    [InlineData(3001, 4095)]
    [InlineData(12000, 16383)]
    public void ImagesOf16BitsAreReadByTheRangeThatTheyUse(int brightest, int white)
    {
        byte[] types = [0, 2, 4, 6];
        for (int i = 0; i < 6; i++)
        {
            // The images have all colour types and filters and both orders of lines.
            byte type = types[i % 4];
            _folder.Write($"dark/{i}.png", Png.EncodeDeep(4, 4, 0, (x, y, _) => (ushort)(x + y)));
            _folder.Write($"light/{i}.png", Png.EncodeDeep(4, 4, type,
                (x, y, c) => c == Alpha(type) ? ushort.MaxValue : (ushort)(brightest - x - 4 * y), interlaced: i > 2));
        }
        var data = Load.Of(Spec);
        Assert.Contains($"{_folder.Path}: 12 images of 16 bits use values up to {brightest} only, " +
            $"so that {white} is taken for white.", data.Notes);
        float[] expected = [.. Enumerable.Range(0, 16).Select(i => MathF.Round(255f * (brightest - i % 4 - 4 * (i / 4)) / white) / 255)];
        var light = data.Train.Pixels.Chunk(16).Zip(data.Train.Labels).Where(p => p.Second == 1).Select(p => p.First).ToList();
        Assert.NotEmpty(light);
        Assert.All(light, image => Assert.Equal(expected, image, (a, b) => MathF.Abs(a - b) < 0.002f));
    }

    [Fact]
    public void ImagesOf16BitsThatUseThemKeepTheirUpper8()
    {
        for (int i = 0; i < 6; i++)
        {
            _folder.Write($"dark/{i}.png", Png.EncodeDeep(4, 4, 0, (x, y, _) => (ushort)(256 * x)));
            _folder.Write($"light/{i}.png", Png.EncodeDeep(4, 4, 0, (x, y, _) => 0x8123));
        }
        var data = Load.Of(Spec);
        Assert.Contains(129 / 255f, data.Train.Pixels);
        Assert.DoesNotContain(data.Notes, n => n.Contains("16 bits", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is empty: 0 bytes")]
    [InlineData("89504e47", "begins as a PNG and ends or breaks within its header")]
    [InlineData("89504e470d0a1a0a0000000d49484452", "begins as a PNG and ends or breaks within its header, after 16 bytes")]
    [InlineData("ffd8ffe000104a46494600010100000100010000ffdb", "begins as a JPEG and ends or breaks within its header")]
    [InlineData("474946383961010001000000", "neither PNG nor JPEG by its content, but a GIF image")]
    [InlineData("3c21646f63747970652068746d6c3e", "neither PNG nor JPEG by its content, but a web page")]
    [InlineData("504b030414000000", "neither PNG nor JPEG by its content, but a zip file")]
    [InlineData("0001020304", "neither PNG nor JPEG by its content. Convert it")]
    public void EmptyCutAndForeignFilesAreToldApart(string content, string complaint)
    {
        WriteClasses("", 6);
        string file = _folder.Write("light/odd.png", Convert.FromHexString(content));
        Load.Refuses(Spec, file, complaint);
    }

    [Fact]
    public void DanglingLinkIsNamedWithItsTarget()
    {
        WriteClasses("", 6);
        File.CreateSymbolicLink(_folder.In("light/gone.png"), "nowhere.png");
        Load.Refuses(Spec, "light/gone.png is a link to nowhere.png, which is not there");
    }

    [Fact]
    public async Task AFolderThatDisappearsWhileItIsReadIsAMistakeThatNamesIt()
    {
        const int Rounds = 20;
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            WriteClasses($"{round}/", 20);
            string folder = _folder.In($"{round}");
            using var together = new Barrier(2);
            var deleting = Task.Run(() =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                Directory.Delete(folder, recursive: true);
            }, TestContext.Current.CancellationToken);
            together.SignalAndWait(TestContext.Current.CancellationToken);
            try
            {
                Load.Of(Spec with { Path = folder });
            }
            catch (SpecException e)
            {
                refused++;
                Assert.Contains(folder, e.Message, StringComparison.Ordinal);
            }
            await deleting;
        }
        Assert.True(refused > 0, "The folder was never gone before it was read.");
    }

    private static int Alpha(byte colourType) => colourType switch { 4 => 1, 6 => 3, _ => -1 };

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
