using Grains.Interfaces.Model;

namespace Grains.Storage.Checkpoints;

/// <summary>
/// Keeps checkpoints in a folder, named by the SHA-256 of their bytes: ab/cdef….safetensors. The silos of one host share the folder. A
/// file appears whole by an atomic rename, after its bytes have reached the disk. The store is safe for concurrent use.
/// </summary>
public sealed class CheckpointStore
{
    private const string Extension = ".safetensors";
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly string _temporary;
    private readonly TimeProvider _time;

    /// <param name="folder">The folder, which is created when missing.</param>
    /// <param name="time">The clock that tells how old a temporary file is. Default: the system's.</param>
    /// <summary>No bytes need no file: many would hang on it, and nobody could tell it from a damaged one.</summary>
    private static readonly Digest s_nothing = Digest.Of([]);

    public CheckpointStore(string folder, TimeProvider? time = null)
    {
        _folder = Path.GetFullPath(folder);
        _temporary = Path.Combine(_folder, "temporary");
#pragma warning disable RS0030 // Tests that let no time pass need not bring a clock.
        _time = time ?? TimeProvider.System;
#pragma warning restore RS0030
        Directory.CreateDirectory(_temporary);
        SweepTemporary();
    }

    /// <summary>
    /// Stores the bytes and returns their name. The bytes are on the disk when this returns. Bytes that are already stored are not written
    /// again, but count as new, because the caller is about to refer to them.
    /// </summary>
    public async Task<Digest> Put(byte[] bytes, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(bytes);
        if (digest == s_nothing) return digest;
        string file = FileOf(digest);
        if (Touch(file)) return digest;

        string folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            FolderFlush.Flush(_folder);
        }
#pragma warning disable RS0030 // Any name will do that no other writer has.
        string temporary = Path.Combine(_temporary, $"{digest.Value}.{Guid.NewGuid():N}");
#pragma warning restore RS0030
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await stream.WriteAsync(bytes, cancellationToken);
                stream.Flush(flushToDisk: true);
            }
            // Two silos may write the same name: the bytes are the same, so the later rename changes nothing.
            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        FolderFlush.Flush(folder);
        return digest;
    }

    /// <summary>Reads and verifies a checkpoint, and changes nothing.</summary>
    /// <exception cref="FileNotFoundException">No such checkpoint.</exception>
    /// <exception cref="CheckpointDamagedException">The bytes are not the ones that were put.</exception>
    public byte[] Read(Digest digest)
    {
        if (digest == s_nothing) return [];
        string file = FileOf(digest);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException($"No checkpoint {digest} in {_folder}.", file, e);
        }
        var found = Digest.Of(bytes);
        return found == digest ? bytes : throw new CheckpointDamagedException(file, digest, found);
    }

    /// <summary>Reads and verifies a checkpoint.</summary>
    /// <exception cref="FileNotFoundException">No such checkpoint.</exception>
    /// <exception cref="CheckpointDamagedException">The bytes are not the ones that were put; the file is moved aside, so that the next put
    /// writes it anew.</exception>
    public byte[] Get(Digest digest)
    {
        try
        {
            return Read(digest);
        }
        catch (CheckpointDamagedException)
        {
            string file = FileOf(digest);
            try
            {
                File.Move(file, file + ".damaged", overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Another silo read the file too and moved it first.
            }
            throw;
        }
    }

    /// <summary>Whether the bytes are stored and are the ones that were put. If they are damaged, the file is moved aside.</summary>
    public bool IsWhole(Digest digest) => Succeeds(Get, digest);

    /// <summary>Whether the bytes are stored and are the ones that were put. The file stays where it is.</summary>
    public bool Holds(Digest digest) => Succeeds(Read, digest);

    private static bool Succeeds(Func<Digest, byte[]> read, Digest digest)
    {
        try
        {
            read(digest);
            return true;
        }
        catch (Exception e) when (e is CheckpointDamagedException or FileNotFoundException)
        {
            return false;
        }
    }

    public bool Exists(Digest digest) => digest == s_nothing || File.Exists(FileOf(digest));

    /// <summary>Deletes a checkpoint, and does nothing when there is none.</summary>
    public void Delete(Digest digest)
    {
        string file = FileOf(digest);
        if (File.Exists(file)) File.Delete(file);
    }

    /// <summary>Deletes a checkpoint. It does nothing when there is none, or when somebody has put it again since it was listed.</summary>
    public void Delete(StoredFile listed)
    {
        if (File.GetLastWriteTimeUtc(FileOf(listed.Digest)) == listed.Written.UtcDateTime) Delete(listed.Digest);
    }

    /// <summary>Every checkpoint, in no order. Those that are deleted meanwhile are left out.</summary>
    public IEnumerable<StoredFile> List()
    {
        foreach (string folder in Directory.EnumerateDirectories(_folder, "??"))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
            {
                string name = Path.GetFileName(folder) + Path.GetFileNameWithoutExtension(file.Name);
                if (!IsDigest(name) || !file.Exists) continue;
                yield return new StoredFile(new Digest(name), file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
            }
        }
    }

    /// <summary>
    /// Removes the files that killed processes left half written an hour ago or earlier. It runs at the start; call it again now and then.
    /// </summary>
    public void SweepTemporary()
    {
        var limit = _time.GetUtcNow().UtcDateTime - StaleAfter;
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < limit) file.Delete();
        }
    }

    private bool Touch(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private string FileOf(Digest digest)
    {
        if (!IsDigest(digest.Value))
        {
            throw new ArgumentException($"'{digest.Value}' is not a digest. A checkpoint's name is 64 lower-case hexadecimal digits.",
                nameof(digest));
        }
        return Path.Combine(_folder, digest.Value[..2], digest.Value[2..] + Extension);
    }

    private static bool IsDigest(string? value) => value is { Length: 64 } && value.All(char.IsAsciiHexDigitLower);
}

/// <param name="Written">The time when the checkpoint was last put.</param>
public readonly record struct StoredFile(Digest Digest, long Bytes, DateTimeOffset Written);
