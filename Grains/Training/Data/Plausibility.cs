using System.Collections.Immutable;
using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Grains.Training.Data;

/// <summary>Judges whether data can be meant. What nobody can learn from is a mistake, and what is strange is noted.</summary>
internal static class Plausibility
{
    /// <summary>The shares of 0..1 that pixels span. Below the first nothing is learned, and below the second it is doubtful.</summary>
    private const float Nothing = 0.01f, Little = 0.125f;

    /// <returns>The strange findings, a whole sentence each.</returns>
    /// <exception cref="SpecException">The images do not differ, or hardly differ.</exception>
    public static IEnumerable<string> Check(
        string subject, ImmutableArray<string> classNames, ImageSplit train, ImageSplit validation, ImageSplit test,
        Func<float, string>? scaleRemedy)
    {
        RequireDifference(subject, train);
        List<string> doubts = [];
        var (darkest, brightest) = Range(train.Pixels);
        if (brightest - darkest < Little)
        {
            string remedy = scaleRemedy?.Invoke(brightest) ?? "Stretch the images to their full range.";
            string found = string.Create(CultureInfo.InvariantCulture,
                $"{subject}: its pixels span {darkest:0.####}..{brightest:0.####}, of the 0..1 that a network expects. {remedy}");
            if (brightest - darkest <= Nothing) throw new SpecException(found);
            doubts.Add(found);
        }
        int blank = Blank(train);
        if (2 * blank > train.Count)
            doubts.Add($"{subject}: {blank} of {train.Count} training images are of one grey throughout. Check that they are meant.");
        foreach (var (name, split) in new[] { ("validation", validation), ("test", test) })
        {
            var present = split.Labels.ToHashSet();
            string[] missing = [.. classNames.Where((_, label) => !present.Contains(label))];
            if (missing.Length > 0) doubts.Add(ImageFolderLayout.MissingClasses(subject, name, missing));
        }
        return doubts;
    }

    private static void RequireDifference(string subject, ImageSplit train)
    {
        if (train.Count < 2) return;
        int size = train.Pixels.Length / train.Count;
        var first = train.Pixels.AsSpan(0, size);
        for (int i = 1; i < train.Count; i++)
            if (!train.Pixels.AsSpan(i * size, size).SequenceEqual(first)) return;
        throw new SpecException(
            $"{subject}: all {train.Count} training images are equal, so that there is nothing to learn. Look at the files: "
            + "a black drawing on a transparent background is black throughout, for one.");
    }

    private static int Blank(ImageSplit split)
    {
        int size = split.Pixels.Length / split.Count, blank = 0;
        for (int i = 0; i < split.Count; i++)
        {
            var image = split.Pixels.AsSpan(i * size, size);
            if (size > 1 && !image.ContainsAnyExcept(image[0])) blank++;
        }
        return blank;
    }

    private static (float Darkest, float Brightest) Range(float[] pixels)
    {
        float darkest = 1, brightest = 0;
        foreach (float pixel in pixels) (darkest, brightest) = (Math.Min(darkest, pixel), Math.Max(brightest, pixel));
        return (darkest, brightest);
    }
}
