using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;

namespace Client.Describing;

/// <summary>Tells what names, sizes and first lines show of a sweep's data. Only silos look at pixels.</summary>
/// <param name="Mistake">Why no silo could use them, or null.</param>
/// <param name="Notes">What a person should know, a whole sentence each.</param>
internal sealed record DataLook(string? Mistake, ImmutableArray<string> Notes)
{
    /// <summary>Looks at the images of the built-in classifier, or at the files that a program is shipped with.</summary>
    public static DataLook At(SweepSpec spec, string folder, CancellationToken cancellation)
    {
        if (spec.Program is ClassifierSpec classifier) return At(classifier.Data, cancellation);
        try
        {
            var package = Pack(spec, folder);
            if (spec.Program is not RecordedSpec recorded) return new(null, []);
            return new(RecordedCurves.Of(package, recorded.Task).Refusal(recorded, spec.Budget), []);
        }
        catch (SpecException e)
        {
            return new(e.Message, []);
        }
    }

    /// <summary>Packs what the sweep's program is shipped with; null without any.</summary>
    /// <exception cref="SpecException">A file is missing or cannot be shipped.</exception>
    public static byte[]? Pack(SweepSpec spec, string folder) =>
        spec.Program is ShippedSpec { Shipment.IsEmpty: false } program
            ? PackedFiles.Pack(Path.GetFullPath(program.Base, Path.GetFullPath(folder)), program.Shipment)
            : null;

    private static DataLook At(DataSpec data, CancellationToken cancellation)
    {
        // The silos may have files that this machine has not.
        var missing = Paths(data).Where(p => FileKinds.Of(p.Path) == FileKind.Missing).ToList();
        if (missing.Count > 0)
        {
            const string remedy = "Every silo needs it there; docs/data.md says where the examples' data are had.";
            return new(null, [.. missing.Select(p => $"{p.Key}: {p.Path} is not on this machine. {remedy}")]);
        }
        try
        {
            return new(null, data switch
            {
                ImageFolderData folder => ImageFolderLayout.Of(folder, cancellation).Notes,
                CsvData csv => NotesOf(csv),
                _ => [],
            });
        }
        catch (SpecException e)
        {
            return new(e.Message, []);
        }
    }

    private static IEnumerable<(string Key, string Path)> Paths(DataSpec data) => data switch
    {
        IdxData idx => [("data.path", idx.Path)],
        ImageFolderData folder => [("data.path", folder.Path)],
        CsvData { Test: { } test } csv => [("data.train", csv.Train), ("data.test", test)],
        CsvData csv => [("data.train", csv.Train)],
        _ => [],
    };

    private static ImmutableArray<string> NotesOf(CsvData csv)
    {
        int pixels = csv.Height * csv.Width;
        var layout = CsvLayout.Look("data.train", csv.Train, pixels);
        if (csv.Test is not null) CsvLayout.Look("data.test", csv.Test, pixels);
        return layout.Note(csv.Train, pixels) is { } note ? [note] : [];
    }
}
