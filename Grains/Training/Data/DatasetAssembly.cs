using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>The last step of every loader. It checks what must hold for any data set, and computes the digest.</summary>
internal static class DatasetAssembly
{
    /// <param name="subject">The name to blame in a message: a path, or the name of the source.</param>
    /// <param name="notes">The notes of the loader.</param>
    /// <param name="scaleRemedy">The remedy when the brightest pixel is as dark as given; null where images can only be changed.</param>
    public static Dataset Assemble(
        string subject, int height, int width, ImmutableArray<string> classNames, ImageSplit train, ImageSplit validation, ImageSplit test,
        IEnumerable<string>? notes = null, Func<float, string>? scaleRemedy = null)
    {
        if (classNames.Length < 2)
            throw new SpecException($"{subject}: {classNames.Length} class(es), but telling apart needs at least 2. Check the labels.");
        RequireImages(subject, "training", train);
        RequireImages(subject, "validation", validation);
        RequireImages(subject, "test", test);
        RequireEveryClass(subject, classNames, train);
        RequireKnownLabels(subject, "validation", classNames, validation);
        RequireKnownLabels(subject, "test", classNames, test);

        string[] doubts = [.. Plausibility.Check(subject, classNames, train, validation, test, scaleRemedy)];

        var digest = DigestOf(height, width, classNames, train, validation, test);
        var identity = new DataIdentity(digest, height, width, classNames.Length, train.Count, validation.Count, test.Count);
        return new Dataset(identity, classNames, train, validation, test) { Notes = [.. (notes ?? []).Concat(doubts).Distinct()] };
    }

    /// <summary>The class names "0".."K−1", where K is one above the largest training label.</summary>
    public static ImmutableArray<string> NumberedClasses(string subject, int[] trainingLabels)
    {
        int classes = trainingLabels.Length == 0 ? 0 : trainingLabels.Max() + 1;
        if (classes > trainingLabels.Length)
        {
            throw new SpecException(
                $"{subject}: label {classes - 1} among {trainingLabels.Length} training images leaves classes without an image. "
                + "Number the labels 0..K-1, and check that they stand where labels are looked for.");
        }
        return [.. Enumerable.Range(0, classes).Select(label => label.ToString())];
    }

    private static void RequireImages(string subject, string split, ImageSplit images)
    {
        if (images.Count == 0)
            throw new SpecException($"{subject}: 0 {split} images, but every split needs some. Raise the {split} share or add images.");
    }

    private static void RequireEveryClass(string subject, ImmutableArray<string> classNames, ImageSplit train)
    {
        RequireKnownLabels(subject, "training", classNames, train);
        var seen = new bool[classNames.Length];
        foreach (int label in train.Labels) seen[label] = true;
        int missing = Array.IndexOf(seen, false);
        if (missing >= 0)
        {
            throw new SpecException($"{subject}: class '{classNames[missing]}' has 0 of {train.Count} training images, but each of the "
                + $"{classNames.Length} classes needs one. Add images of it, number the labels 0..K-1 without gaps, "
                + "or leave the class out.");
        }
    }

    private static void RequireKnownLabels(string subject, string split, ImmutableArray<string> classNames, ImageSplit images)
    {
        foreach (int label in images.Labels)
        {
            if ((uint)label >= (uint)classNames.Length)
            {
                throw new SpecException(
                    $"{subject}: {split} label {label} is outside 0..{classNames.Length - 1}, the labels of the training "
                    + "images. Check that both files belong together.");
            }
        }
    }

    /// <summary>
    /// The SHA-256 over a version line; H, W, K; each class name as length and UTF-8; per split N, the pixels' float32 bytes and the
    /// labels' int32 bytes. All of it is little-endian.
    /// </summary>
    private static Digest DigestOf(int height, int width, ImmutableArray<string> classNames, params ReadOnlySpan<ImageSplit> splits)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("dataset 1\n"u8);
        AppendInts(sha, height, width, classNames.Length);
        foreach (string name in classNames)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            AppendInts(sha, utf8.Length);
            sha.AppendData(utf8);
        }
        foreach (var split in splits)
        {
            AppendInts(sha, split.Count);
            AppendFloats(sha, split.Pixels);
            AppendInts(sha, split.Labels);
        }
        return new Digest(Convert.ToHexStringLower(sha.GetHashAndReset()));
    }

    private static void AppendInts(IncrementalHash sha, params ReadOnlySpan<int> values) => sha.AppendData(MemoryMarshal.AsBytes(values));

    // The bytes go in pieces, because those of a large split do not fit one span.
    private static void AppendFloats(IncrementalHash sha, ReadOnlySpan<float> values)
    {
        const int Piece = 1 << 20;
        for (int at = 0; at < values.Length; at += Piece)
            sha.AppendData(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Piece, values.Length - at))));
    }
}
