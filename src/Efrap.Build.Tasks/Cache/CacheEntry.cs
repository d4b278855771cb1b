using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tasks.Cache;

/// <summary>What became of one request: the file <c>entry.json</c> beside the files that the worker wrote.</summary>
[DataContract]
internal sealed class CacheEntry
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "entry.json";

    /// <summary>The files that the worker wrote.</summary>
    [DataMember(Name = "files")]
    public CachedFile[] Files { get; set; } = [];

    /// <summary>Files that were read beside those that the key covers: external data, named relative to what refers to it.</summary>
    [DataMember(Name = "dependencies")]
    public CachedFile[] Dependencies { get; set; } = [];

    /// <summary>What the worker said, with names in place of paths.</summary>
    [DataMember(Name = "messages")]
    public WorkerMessage[] Messages { get; set; } = [];

    /// <summary>Reads an entry.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="SerializationException">It is none.</exception>
    public static CacheEntry Read(string folder)
    {
        using FileStream file = File.OpenRead(Path.Combine(folder, FileName));
        return (CacheEntry?)new DataContractJsonSerializer(typeof(CacheEntry)).ReadObject(file) is { Files: not null, Dependencies: not null, Messages: not null } entry
            ? entry
            : throw new SerializationException("this is no entry");
    }

    /// <summary>Writes the entry.</summary>
    /// <param name="folder">Its folder.</param>
    public void Write(string folder)
    {
        using FileStream file = File.Create(Path.Combine(folder, FileName));
        new DataContractJsonSerializer(typeof(CacheEntry)).WriteObject(file, this);
    }
}

/// <summary>A file of an entry, or one that it depends on.</summary>
[DataContract]
internal sealed class CachedFile
{
    /// <summary>What it is: one of the places of <see cref="ModelFiles"/>, or <c>model</c> or <c>source</c> for what that refers to.</summary>
    [DataMember(Name = "place")]
    public string Place { get; set; } = "";

    /// <summary>Its name: an ending in a place, or a path relative to the model or source.</summary>
    [DataMember(Name = "name")]
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of its bytes, lower-case hexadecimal.</summary>
    [DataMember(Name = "sha256")]
    public string Sha256 { get; set; } = "";
}
