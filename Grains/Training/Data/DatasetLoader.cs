using System.Diagnostics;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>Reads or draws a data set. This is slow and memory-hungry, so call it through <see cref="DatasetCache"/>.</summary>
public static class DatasetLoader
{
    /// <exception cref="SpecException">The data is missing, damaged or contradictory; the message says where and what to do.</exception>
    public static Dataset Load(DataSpec spec, CancellationToken cancellation)
    {
        try
        {
            return spec switch
            {
                PhantomData phantom => PhantomSource.Load(phantom, cancellation),
                IdxData idx => IdxSource.Load(idx, cancellation),
                ImageFolderData folder => ImageFolderSource.Load(folder, cancellation),
                CsvData csv => CsvSource.Load(csv, cancellation),
                _ => throw new UnreachableException($"No loader for {spec.GetType()}."),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"data: {e.Message} Every silo must be able to read the data. Check the path and its permissions.");
        }
    }
}
